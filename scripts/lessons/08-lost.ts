/**
 * lost: a packet does not arrive. UDP's client waits; TCP's kernel sends again.
 */
import { agrees, call, complained, counter, inScene, packet, printed } from 'echolab/expectation';
import type { Act, Fault, Lesson } from 'echolab/lesson';
import { replyLost, serverEnds, serverListens } from 'echolab/stories';

const loses = (fault: Fault, deadline: string): Act[] => [
  ...serverListens,
  { act: 'drop', host: 'server', ...fault },
  { act: 'start', host: 'client', args: ['HELLO!!', deadline] },
  { act: 'exited', host: 'client', status: fault.protocol === 'udp' ? 1 : 0 },
  ...serverEnds,
];

/** The server has a small receive buffer, and does not run while the client sends. */
const slowReader = (sign: Act): Act[] => [
  { act: 'start', host: 'server', program: 'sink', args: ['4096'] },
  { act: 'printed', host: 'server', line: 'listening:' },
  { act: 'signal', host: 'server', signal: 'SIGSTOP' },
  { act: 'start', host: 'client', program: 'burst', args: ['23', '997'] },
  sign,
  { act: 'signal', host: 'server', signal: 'SIGCONT' },
  { act: 'exited', host: 'client' },
];

const nothingCame = [
  { count: packet({ sender: 'client', protocol: 'udp' }), is: 1 },
  { never: call({ host: 'client', step: 'receive', bytes: { atLeast: 1 } }) },
  { never: call({ host: 'client', errno: { oneOf: ['ECONNREFUSED', 'EPERM', 'EHOSTUNREACH'] } }) },
  { see: complained('client', 'read udp 10.0.0.2:9000: i/o timeout') },
] as const;

const lostBothWays = [
  agrees(
    'the message is dropped at the server: the client sees nothing, until its deadline; no error, no second datagram',
    { see: packet({ sender: 'client', protocol: 'udp', logged: 'server INPUT', taken: false }) },
    { never: call({ host: 'server', step: 'receive', bytes: { atLeast: 1 } }) },
    ...nothingCame,
  ),
  inScene(
    'no-answer',
    agrees(
      'the answer is dropped at the client: the client sees the same, though the server has answered',
      { see: call({ host: 'server', step: 'receive', bytes: { atLeast: 1 } }) },
      { see: packet({ sender: 'server', protocol: 'udp', logged: 'client INPUT', taken: false }) },
      ...nothingCame,
    ),
  ),
];

const echoes = {
  sameBytes: [
    call({ host: 'client', step: 'send', protocol: 'tcp', bytes: { atLeast: 1 } }),
    call({ host: 'client', step: 'receive', protocol: 'tcp', bytes: { atLeast: 1 } }),
  ],
} as const;

const repeats = [
  inScene(
    'data-lost',
    agrees(
      'a lost segment is sent again after about 0.2 s, with the same sequence number; the echo succeeds',
      { see: packet({ sender: 'client', payloadLength: 7, repeated: false, taken: false, seq: '$seq' }) },
      { see: packet({ sender: 'client', payloadLength: 7, repeated: true, taken: true, seq: '$seq' }) },
      {
        earlier: packet({ sender: 'client', payloadLength: 7, repeated: false, seq: '$seq' }),
        later: packet({ sender: 'client', payloadLength: 7, repeated: true, seq: '$seq' }),
        atLeastMs: 150,
      },
      echoes,
    ),
  ),
  inScene(
    'syn-lost',
    agrees(
      'a lost SYN is sent again after about 1 s; the echo succeeds',
      {
        earlier: packet({ sender: 'client', flags: 'SYN', repeated: false, seq: '$seq' }),
        later: packet({ sender: 'client', flags: 'SYN', repeated: true, seq: '$seq' }),
        atLeastMs: 900,
      },
      echoes,
    ),
  ),
];

export const lesson: Lesson = {
  id: 'lost',
  question: 'what if a packet does not arrive?',
  section: 'Overview',
  look: 'The row wire: one datagram and silence on one side, the same segment twice on the other.',
  surprises: [
    'Whether the message or the answer was lost, a UDP client sees the same: nothing.',
    'Datagrams are lost without any network: a receive buffer that is full drops them, and only a counter tells (RcvbufErrors).',
    'TCP’s first SYN is repeated after a second, data after 0.2 s: the kernel has measured the way by then (RFC 6298).',
    'A packet dropped on its way out of the sender would not be silent: send(2) would fail with EPERM.',
  ],
  notShown: 'Loss that never ends: TCP gives up after some 15 minutes (tcp_retries2).',
  ask: [
    {
      question: 'Has the server seen the message that the client got no answer to?',
      answer: 'The client cannot know. In this scene it has, and has answered.',
      variant: 'node-udp',
      scene: 'no-answer',
      clauses: [{ see: call({ host: 'server', step: 'send', protocol: 'udp', returned: 7 }) }],
    },
    {
      question: 'How do you see that a segment was sent again, and not written twice?',
      answer: 'One write(2), two segments with the same sequence number.',
      variant: 'libc-tcp',
      scene: 'data-lost',
      clauses: [
        { count: call({ host: 'client', step: 'send', protocol: 'tcp' }), is: 1 },
        { see: packet({ sender: 'client', payloadLength: 7, repeated: false, seq: '$seq' }) },
        { see: packet({ sender: 'client', payloadLength: 7, repeated: true, seq: '$seq' }) },
      ],
    },
    {
      question: 'The TCP server does not read. What keeps the client from losing data?',
      answer: 'The window: the server’s kernel says 0, the client’s kernel waits.',
      variant: 'libc-tcp',
      scene: 'slow-stream',
      clauses: [{ see: packet({ sender: 'server', protocol: 'tcp', window: 0 }) }],
    },
  ],
  scenes: [
    {
      id: 'main',
      title: 'the message is lost',
      waitsMs: 300,
      variants: ['node-udp', 'libc-udp'],
      story: loses({ protocol: 'udp' }, '300'),
    },
    {
      id: 'no-answer',
      title: 'the answer is lost',
      waitsMs: 300,
      variants: ['node-udp', 'libc-udp'],
      story: replyLost,
    },
    {
      id: 'data-lost',
      title: 'the first segment with data is lost',
      waitsMs: 200,
      variants: ['node-tcp', 'libc-tcp'],
      story: loses({ protocol: 'tcp', flags: 'ACK PSH', nth: 1 }, '8000'),
    },
    {
      id: 'syn-lost',
      title: 'the first SYN is lost',
      waitsMs: 1000,
      variants: ['node-tcp', 'libc-tcp'],
      story: loses({ protocol: 'tcp', flags: 'SYN', nth: 1 }, '8000'),
    },
    {
      id: 'slow-reader',
      title: 'a server that is too slow',
      variants: ['libc-udp'],
      story: [
        ...slowReader({ act: 'exited', host: 'client' }),
        { act: 'printed', host: 'server', line: 'packet-received:' },
        ...serverEnds,
      ],
    },
    {
      id: 'slow-stream',
      title: 'the same with TCP',
      variants: ['libc-tcp'],
      story: [
        ...slowReader({ act: 'arrived', host: 'client', window: 0 }),
        { act: 'printed', host: 'server', line: 'received:' },
        ...serverEnds,
      ],
    },
  ],
  claims: [
    {
      id: 'may-be-lost',
      says: 'the message or the reply may be lost',
      expect: { 'node-udp': lostBothWays, 'libc-udp': lostBothWays },
    },
    {
      id: 'really-lost',
      says: '(addition) loss without a firewall: a full receive buffer',
      expect: {
        'libc-udp': inScene(
          'slow-reader',
          agrees(
            'every send succeeds, every datagram arrives at the host, and some vanish there: RcvbufErrors',
            { count: call({ host: 'client', step: 'send', returned: 997 }), is: 23 },
            { count: packet({ sender: 'client', protocol: 'udp', logged: 'server INPUT' }), is: 23 },
            {
              see: counter({
                host: 'server',
                moment: 'after',
                name: 'Udp.RcvbufErrors',
                change: { atLeast: 1 },
              }),
            },
            {
              count: call({ host: 'server', step: 'receive', bytes: { atLeast: 1 } }),
              is: { atLeast: 1, atMost: 22 },
            },
          ),
        ),
        'libc-tcp': inScene(
          'slow-stream',
          agrees(
            'the server’s window closes, the client’s kernel waits, and nothing is lost',
            { see: packet({ sender: 'server', protocol: 'tcp', window: 0 }) },
            {
              sameBytes: [
                call({ host: 'client', step: 'send', protocol: 'tcp' }),
                call({ host: 'server', step: 'receive', protocol: 'tcp', bytes: { atLeast: 1 } }),
              ],
            },
            { see: printed('server', 'received: bytes=22931') },
          ),
        ),
      },
    },
    {
      id: 'tcp-repeats',
      says: '(contrast) TCP delivers all the same',
      expect: { 'node-tcp': repeats, 'libc-tcp': repeats },
    },
  ],
};
