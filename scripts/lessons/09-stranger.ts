/**
 * stranger: a third host sends to the client's port. Does the client's program hear it?
 */
import { agrees, call, complained, differs, inScene, packet } from 'echolab/expectation';
import type { Act, Lesson } from 'echolab/lesson';
import { serverEnds, serverListens } from 'echolab/stories';

/** What the stranger sends to the client's port. */
const psst = packet({ sender: 'stranger', protocol: 'udp', payload: 'PSST' });
const hears = call({ host: 'client', step: 'receive', data: 'PSST', address: '$stranger', socket: '$s' });

const strangerSends = (deadline: string): Act[] => [
  {
    ...{ act: 'start', host: 'stranger', program: 'client' },
    ...{ address: '10.0.0.1', port: '$port', args: ['PSST', deadline] },
  },
  { act: 'exited', host: 'stranger', status: 1 },
];

/** The client's kernel answers every datagram that it refuses. */
const clientRefuses: Act = { act: 'sysctl', host: 'client', name: 'net.ipv4.icmp_ratelimit', value: '0' };

const refusesStranger = agrees(
  'connected: the stranger’s datagram reaches the host and not the program; the stranger gets ICMP port unreachable; the peer is still heard',
  { see: call({ host: 'client', step: 'connect', address: '10.0.0.2:9000', socket: '$s' }) },
  {
    see: packet({ ...psst.fields, logged: 'client INPUT', taken: false, from: '$stranger', event: '$psst' }),
  },
  {
    see: packet({
      sender: 'client',
      protocol: 'icmp',
      type: 3,
      code: 3,
      quotedFrom: '$stranger',
      answers: '$psst',
    }),
  },
  { never: call({ host: 'client', step: 'receive', data: 'PSST' }) },
  { see: call({ host: 'stranger', step: 'receive', errno: 'ECONNREFUSED' }) },
  { see: call({ host: 'client', step: 'receive', data: 'HELLO!!', socket: '$s' }) },
);

const hearsStranger = inScene(
  'unconnected',
  agrees(
    'not connected: the stranger’s datagram is received like the server’s',
    { see: packet({ ...psst.fields, taken: true, from: '$stranger' }) },
    { see: hears },
    { see: call({ host: 'client', step: 'receive', address: '10.0.0.2:9000', socket: '$s' }) },
    { never: call({ host: 'client', step: 'connect' }) },
    { never: packet({ sender: 'client', protocol: 'icmp', quotedFrom: '$stranger' }) },
  ),
);

export const lesson: Lesson = {
  id: 'stranger',
  question: 'who may write to a connected UDP socket?',
  section: 'Dialing UDP',
  look: 'The stranger’s last row: ECONNREFUSED where the client is connected, nothing where it is not.',
  surprises: [
    'A UDP connect(2) is a firewall of one rule: the kernel takes datagrams of the peer alone.',
    'Who is refused is told, by ICMP, as if nobody listened on that port.',
    'It filters from connect(2) on: what came before lies in the queue and is received, from an address that is not the peer’s.',
  ],
  notShown: 'A stranger that forges the peer’s address: connect(2) does not help against that.',
  ask: [
    {
      question: 'What does the stranger learn about the connected client?',
      answer: 'That nobody listens on that port: ICMP port unreachable, ECONNREFUSED.',
      variant: 'node-udp',
      clauses: [{ see: call({ host: 'stranger', step: 'receive', errno: 'ECONNREFUSED' }) }],
    },
    {
      question: 'And about the one that is not connected?',
      answer: 'Nothing: its datagram was received, and nobody answers.',
      variant: 'libc-udp',
      scene: 'unconnected',
      clauses: [
        { see: complained('stranger', 'read udp 10.0.0.1:$port: i/o timeout') },
        { see: packet({ sender: 'stranger', payload: 'PSST', from: '$stranger' }) },
        { never: packet({ sender: 'client', protocol: 'icmp', quotedFrom: '$stranger' }) },
      ],
    },
    {
      question: 'A program connects, then receives. May the first message be a stranger’s?',
      answer: 'Yes, if it was queued before connect(2).',
      variant: 'libc-udp',
      scene: 'between',
      clauses: [
        {
          inOrder: [
            call({ host: 'client', step: 'connect', returned: 0 }),
            call({ host: 'client', step: 'receive', data: 'PSST' }),
          ],
        },
      ],
    },
  ],
  scenes: [
    {
      id: 'main',
      variants: ['node-udp', 'libc-udp'],
      story: [
        clientRefuses,
        ...serverListens,
        { act: 'start', host: 'client', args: ['-', '4000'] },
        { act: 'printed', host: 'client', line: 'connected: from=10.0.0.1:$port' },
        ...strangerSends('4000'),
        { act: 'input', host: 'client', text: 'HELLO!!' },
        { act: 'end-input', host: 'client' },
        { act: 'exited', host: 'client' },
        ...serverEnds,
      ],
    },
    {
      id: 'unconnected',
      title: 'a client that never connects',
      waitsMs: 200,
      variants: ['node-udp', 'libc-udp'],
      story: [
        ...serverListens,
        { act: 'start', host: 'client', program: 'unconnected-client', args: ['-', '4000'] },
        { act: 'printed', host: 'client', line: 'bound: port=$port' },
        ...strangerSends('200'),
        { act: 'input', host: 'client', text: 'HELLO!!' },
        { act: 'end-input', host: 'client' },
        { act: 'exited', host: 'client' },
        ...serverEnds,
      ],
    },
    {
      id: 'between',
      title: 'between bind(2) and connect(2)',
      waitsMs: 200,
      variants: ['node-udp', 'libc-udp'],
      story: [
        { act: 'start', host: 'client', program: 'late-client', args: ['4000'] },
        { act: 'printed', host: 'client', line: 'bound: port=$port' },
        ...strangerSends('200'),
        { act: 'input', host: 'client', text: 'go\n' },
        { act: 'printed', host: 'client', line: 'connected:' },
        { act: 'printed', host: 'client', line: 'packet-received:' },
        { act: 'waits', host: 'client' },
        { act: 'signal', host: 'client', signal: 'SIGTERM' },
        { act: 'exited', host: 'client' },
      ],
    },
  ],
  claims: [
    {
      id: 'connect-filters',
      says: 'a connected UDP socket receives only from its peer',
      expect: {
        'node-udp': [
          refusesStranger,
          hearsStranger,
          inScene(
            'between',
            differs(
              'what comes between bind(2) and connect(2) is received',
              'Node binds every UDP socket first, so this gap is always there',
              {
                inOrder: [
                  call({ host: 'client', step: 'bind', address: '0.0.0.0:0', socket: '$s' }),
                  hears,
                  call({ host: 'client', step: 'connect', socket: '$s' }),
                ],
              },
            ),
          ),
        ],
        'libc-udp': [
          refusesStranger,
          hearsStranger,
          inScene(
            'between',
            differs(
              'what was queued before connect(2) is received after it, from an address that is not the peer’s',
              'connect(2) filters what arrives; it does not look through the queue',
              {
                inOrder: [
                  call({ host: 'client', step: 'bind', address: '0.0.0.0:0', socket: '$s' }),
                  call({ host: 'client', step: 'connect', socket: '$s', returned: 0 }),
                  hears,
                ],
              },
            ),
          ),
        ],
      },
    },
  ],
};
