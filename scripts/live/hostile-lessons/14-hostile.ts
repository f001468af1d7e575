/**
 * hostile: programs that send, print and look up what nobody should believe: escape sequences, marks that turn the reading
 * direction, and the signs that end or begin something in HTML, JSON, Markdown, Mermaid, packetdrill. For tests of all that
 * is made from a run (render/files/fixtures/hostile is a recording of it). The claim no-such-line is false on purpose: what
 * was seen instead is quoted.
 */
import { agrees, call, complained, inScene, packet, printed } from 'echolab/expectation';
import type { Lesson } from 'echolab/lesson';
import { serverEnds, serverListens } from 'echolab/stories';

/** ESC and CSI, BEL, RIGHT-TO-LEFT OVERRIDE, POP DIRECTIONAL FORMATTING, SOFT HYPHEN, LINE SEPARATOR, NEXT LINE. */
const invisible = '\u001b[2J\u001b]0;owned\u0007\u009b31m\u202egnp.exe\u202c\u00ad\u2028\u0085';
const signs =
  '</script><img src=x onerror=alert(1)> | a | ``` `code` *b* _i_ [l](javascript:x) https://example.org @you';
const words =
  '%%{init: {}}%% ; end # A->>B: x "quoted" \\ */ // +1 > S 0:0(0) \'; $(id)\r\nend\n```\n# heading';
const payload = `${invisible}${signs}${words}`;

const sends = agrees(
  'the bytes arrive as they are',
  { see: call({ host: 'client', step: 'send', data: '$data' }) },
  { see: packet({ sender: 'client', from: '$from' }) },
  { see: call({ host: 'server', step: 'receive', data: '$data' }) },
);

export const lesson: Lesson = {
  id: 'hostile',
  question: 'what if the bytes are hostile?',
  section: 'Overview',
  look: 'The rows send and receive.',
  surprises: ['Nothing of it reaches the terminal.'],
  notShown: 'Programs that attack the lab itself.',
  ask: [
    {
      question: 'Do the bytes arrive as they are?',
      answer: 'Yes.',
      variant: 'node-udp',
      clauses: [{ see: call({ host: 'server', step: 'receive', bytes: { atLeast: 100 } }) }],
    },
  ],
  scenes: [
    {
      id: 'main',
      variants: ['node-tcp', 'node-udp'],
      story: [
        ...serverListens,
        { act: 'start', host: 'client', args: [payload, '4000'] },
        { act: 'exited', host: 'client' },
        ...serverEnds,
      ],
    },
    {
      id: 'name',
      variants: ['node-udp'],
      story: [
        ...serverListens,
        { act: 'start', host: 'client', address: `no${invisible}${signs}`, args: ['HELLO!!', '4000'] },
        { act: 'exited', host: 'client', status: 1 },
        ...serverEnds,
      ],
    },
  ],
  claims: [
    {
      id: 'as-they-are',
      says: 'bytes are bytes',
      expect: {
        'node-tcp': sends,
        'node-udp': [
          sends,
          inScene(
            'name',
            agrees('the server listens', { see: printed('server', 'listening: at=10.0.0.2:9000') }),
          ),
        ],
      },
    },
    {
      id: 'no-such-line',
      says: 'a line that nobody prints',
      expect: {
        'node-udp': inScene('name', agrees('it is there', { see: complained('client', 'no such line') })),
      },
    },
  ],
};
