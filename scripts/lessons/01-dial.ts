/**
 * dial: TCP and UDP programs both call connect(2). The lesson connects, looks, and closes; no byte is written.
 */
import {
  agrees,
  call,
  differs,
  inScene,
  kernel,
  packet,
  socketRow,
  through,
  type Clause,
  type Pattern,
} from 'echolab/expectation';
import type { Act, Lesson, Protocol } from 'echolab/lesson';
import { serverEnds, serverListens } from 'echolab/stories';

const there = '10.0.0.2:9000';
const connect = (protocol: Protocol) =>
  call({ host: 'client', step: 'connect', protocol, address: there, socket: '$s' });
const socket = (protocol: Protocol) => call({ host: 'client', step: 'socket', protocol, socket: '$s' });
const and = (pattern: Pattern, fields: Pattern['fields']): Pattern => ({
  ...pattern,
  fields: { ...pattern.fields, ...fields },
});
const noError = call({ host: 'client', name: 'getsockopt', flags: 'SO_ERROR', value: '0', socket: '$s' });

/** The client connects, and closes when it has been looked at. */
const dialled = (program: string, deadline: string): Act[] => [
  ...serverListens,
  { act: 'start', host: 'client', program, args: ['-', deadline] },
  { act: 'printed', host: 'client', line: 'connected:' },
  { act: 'state', name: 'connected' },
  { act: 'end-input', host: 'client' },
  { act: 'exited', host: 'client' },
  ...serverEnds,
];

const oneConnect = (protocol: Protocol) =>
  agrees(
    'one connect(2) on the socket',
    { inOrder: [socket(protocol), connect(protocol)] },
    { count: call({ host: 'client', step: 'connect', protocol }), is: 1 },
    { never: call({ host: 'client', step: 'bind', protocol }) },
  );

const neverBlocks = (protocol: Protocol) => {
  const type = protocol === 'tcp' ? 'SOCK_STREAM' : 'SOCK_DGRAM';
  return agrees(`${type}, closed on exec, never blocks`, {
    see: and(socket(protocol), { flags: `${type}|SOCK_CLOEXEC|SOCK_NONBLOCK` }),
  });
};

const transmits = (fin: 'shutdown' | 'close') =>
  agrees(
    `the SYN leaves within connect(2), the FIN by ${fin}(2)`,
    { see: and(connect('tcp'), { local: '$local' }) },
    { see: packet({ sender: 'client', flags: 'SYN', from: '$local', by: 'connect', within: true }) },
    { see: packet({ sender: 'client', flags: 'ACK FIN', from: '$local', by: fin }) },
  );

const isZero = agrees('0, at once', { see: and(connect('udp'), { returned: 0 }) });

const isSilent = agrees(
  'nothing leaves the client, not even ARP',
  { see: and(connect('udp'), { returned: 0 }) },
  { never: packet({ sender: 'client' }) },
);

const setsAddresses = agrees(
  'the socket has an address and a peer, in the host’s table and for getsockname(2) and getpeername(2)',
  { see: and(connect('udp'), { returned: 0 }) },
  {
    see: socketRow({
      ...{ host: 'client', moment: 'connected', protocol: 'udp' },
      ...{ local: '10.0.0.1:$port', peer: there },
    }),
  },
  { see: call({ host: 'client', name: 'getsockname', socket: '$s', address: '10.0.0.1:$port' }) },
  { see: call({ host: 'client', name: 'getpeername', socket: '$s', address: there }) },
  { never: socketRow({ host: 'client', protocol: 'udp', moment: { oneOf: ['before', 'after'] } }) },
);

const fourLines = agrees('these four on the client’s OUTPUT, in this order', {
  list: packet({ logged: 'client OUTPUT', protocol: 'tcp' }),
  field: 'flags',
  is: ['SYN', 'ACK', 'ACK FIN', 'ACK'],
  fold: 'ACK',
});

const noLine = agrees(
  'no line at all on the client’s OUTPUT',
  { see: connect('udp') },
  { never: packet({ logged: 'client OUTPUT' }) },
);

const transmitsInConnect = agrees(
  'something leaves the client on this stack: connect → tcp_v4_connect → tcp_connect → tcp_transmit_skb',
  { see: and(connect('tcp'), { id: '$connect' }) },
  {
    see: kernel({
      ...{ host: 'client', name: 'net_dev_queue', call: '$connect' },
      stack: through('tcp_v4_connect', 'tcp_connect', 'tcp_transmit_skb', 'dev_queue_xmit'),
    }),
  },
);

const onlyLooksUp = agrees(
  'under connect the kernel looks a route up in ip4_datagram_connect, and queues no packet',
  { see: and(connect('udp'), { returned: 0, id: '$connect' }) },
  {
    see: kernel({
      ...{ host: 'client', name: 'fib_table_lookup', call: '$connect' },
      stack: through('ip4_datagram_connect'),
    }),
  },
  { never: kernel({ name: 'net_dev_queue', call: '$connect' }) },
);

export const lesson: Lesson = {
  id: 'dial',
  question: 'what does connect(2) do?',
  section: 'TCP Dialing vs UDP Dialing',
  inFull: true,
  functions: true,
  look: 'The row connect and the row wire below it: the same call, six packets on one side, none on the other.',
  surprises: [
    'Node’s TCP connect(2) fails with EINPROGRESS, and nothing is wrong: the handshake goes on without the program.',
    'Between these hosts the whole handshake is over before connect(2) has returned “in progress”.',
    'Node’s UDP socket is bound to 0.0.0.0:0 before it is connected; nobody asked for that.',
    'The server’s kernel answers the SYN; its program learns of the client later, from accept(2).',
  ],
  notShown: 'A connect(2) to a host that never answers: it gives up after two minutes (tcp_syn_retries).',
  ask: [
    {
      question: 'How many packets does it take to connect a UDP socket?',
      answer: 'None. connect(2) only writes the two addresses into the socket.',
      variant: 'node-udp',
      clauses: [{ see: connect('udp') }, { never: packet({ sender: 'client' }) }],
    },
    {
      question: 'connect(2) said EINPROGRESS. Which call tells the program how it ended?',
      answer: 'getsockopt(SO_ERROR), once epoll has reported the socket writable.',
      variant: 'node-tcp',
      clauses: [{ inOrder: [and(connect('tcp'), { errno: 'EINPROGRESS' }), noError] }],
    },
    {
      question: 'Who answers the client’s SYN, the server’s program or its kernel?',
      answer: 'The kernel: the SYN ACK has left before the program calls accept4(2).',
      variant: 'node-tcp',
      clauses: [
        {
          inOrder: [
            packet({ sender: 'server', flags: 'ACK SYN' }),
            call({ host: 'server', step: 'accept', returned: { atLeast: 0 } }),
          ],
        },
      ],
    },
  ],
  scenes: [
    {
      id: 'main',
      variants: ['node-tcp', 'node-udp', 'libc-tcp', 'libc-udp'],
      story: dialled('client', '4000'),
    },
    {
      id: 'nonblocking',
      title: 'with SOCK_NONBLOCK, as Go does it',
      variants: ['libc-tcp', 'libc-udp'],
      story: dialled('nonblocking-client', '4000'),
    },
    {
      // The client's kernel never gets the server's first answer: connect(2) has long returned, nothing is connected.
      id: 'syn-ack-lost',
      title: 'the first SYN ACK is lost',
      waitsMs: 1000,
      variants: ['node-tcp'],
      story: [
        ...serverListens,
        { act: 'drop', host: 'client', protocol: 'tcp', flags: 'ACK SYN' },
        { act: 'start', host: 'client', args: ['-', '8000'] },
        { act: 'arrived', host: 'client', flags: 'ACK SYN' },
        { act: 'state', name: 'waiting' },
        { act: 'let-pass', host: 'client' },
        { act: 'end-input', host: 'client' },
        { act: 'exited', host: 'client' },
        ...serverEnds,
      ],
    },
  ],
  claims: [
    {
      id: 'both-connect',
      says: 'both dials call connect(2)',
      expect: {
        'node-tcp': oneConnect('tcp'),
        'node-udp': differs(
          'one connect(2) on the socket, after a bind(2) to 0.0.0.0:0',
          'Node binds every UDP socket before anything else; Go and a C program leave that to connect(2)',
          {
            inOrder: [
              socket('udp'),
              call({ host: 'client', step: 'bind', socket: '$s', address: '0.0.0.0:0', returned: 0 }),
              connect('udp'),
            ],
          },
          { count: call({ host: 'client', step: 'connect', protocol: 'udp' }), is: 1 },
        ),
        'libc-tcp': oneConnect('tcp'),
        'libc-udp': oneConnect('udp'),
      },
    },
    {
      id: 'socket-type',
      says: 'SOCK_STREAM or SOCK_DGRAM, both SOCK_CLOEXEC|SOCK_NONBLOCK',
      expect: {
        'node-tcp': neverBlocks('tcp'),
        'node-udp': neverBlocks('udp'),
        'libc-tcp': inScene('nonblocking', neverBlocks('tcp')),
        'libc-udp': inScene('nonblocking', neverBlocks('udp')),
      },
    },
    {
      id: 'tcp-einprogress',
      says: 'TCP connect returns EINPROGRESS',
      expect: {
        'node-tcp': agrees('-1 EINPROGRESS', {
          see: and(connect('tcp'), { returned: -1, errno: 'EINPROGRESS' }),
        }),
        'libc-tcp': [
          differs(
            '0, and by then the handshake is over',
            'a socket without SOCK_NONBLOCK makes connect(2) wait for the SYN ACK',
            { see: and(connect('tcp'), { returned: 0, local: '$local' }) },
            { see: packet({ sender: 'server', flags: 'ACK SYN', to: '$local' }) },
            { never: call({ host: 'client', errno: 'EINPROGRESS' }) },
          ),
          inScene(
            'nonblocking',
            agrees('-1 EINPROGRESS, then poll(2), then SO_ERROR 0', {
              inOrder: [
                and(connect('tcp'), { returned: -1, errno: 'EINPROGRESS' }),
                call({ host: 'client', name: { oneOf: ['poll', 'ppoll'] }, returned: 1 }),
                noError,
              ],
            }),
          ),
        ],
      },
    },
    {
      id: 'in-progress-means-it',
      says: '(addition) EINPROGRESS is not "connected"',
      expect: {
        'node-tcp': inScene(
          'syn-ack-lost',
          agrees(
            'with the first SYN ACK lost the socket stays in SYN-SENT for a second, then SO_ERROR is 0',
            {
              inOrder: [
                and(connect('tcp'), { errno: 'EINPROGRESS' }),
                socketRow({ host: 'client', moment: 'waiting', state: 'SYN-SENT', peer: there }),
                packet({ sender: 'server', flags: 'ACK SYN', repeated: true }),
                noError,
              ],
            },
            { earlier: and(connect('tcp'), { errno: 'EINPROGRESS' }), later: noError, atLeastMs: 900 },
          ),
        ),
      },
    },
    {
      id: 'udp-zero',
      says: 'UDP connect returns 0',
      expect: { 'node-udp': isZero, 'libc-udp': [isZero, inScene('nonblocking', isZero)] },
    },
    {
      id: 'tcp-transmits',
      says: 'TCP connect transmits',
      expect: { 'node-tcp': transmits('shutdown'), 'libc-tcp': transmits('close') },
    },
    {
      id: 'udp-silent',
      says: 'UDP connect transmits nothing',
      expect: { 'node-udp': isSilent, 'libc-udp': isSilent },
    },
    {
      id: 'udp-connect-sets',
      says: '(addition) what UDP connect does instead: it sets the addresses',
      expect: { 'node-udp': setsAddresses, 'libc-udp': setsAddresses },
    },
    {
      id: 'only-tcp-logs',
      says: 'only [TCP] lines: SYN, ACK, ACK FIN, ACK',
      expect: { 'node-tcp': fourLines, 'node-udp': noLine, 'libc-tcp': fourLines, 'libc-udp': noLine },
    },
    {
      id: 'tcp-stack',
      says: 'connect reaches tcp_transmit_skb through tcp_v4_connect',
      expect: { 'node-tcp': transmitsInConnect, 'libc-tcp': transmitsInConnect },
    },
    {
      id: 'udp-stack',
      says: 'UDP connect: ip4_datagram_connect, nothing more',
      expect: { 'node-udp': onlyLooksUp, 'libc-udp': onlyLooksUp },
    },
    {
      id: 'tcp-many',
      says: 'a TCP dial runs many tcp_* functions',
      expect: {
        'node-tcp': agrees('the client runs 40 tcp_* functions or more', functions('tcp_', 40)),
        'libc-tcp': agrees('the client runs 40 tcp_* functions or more', functions('tcp_', 40)),
      },
    },
    {
      id: 'udp-few',
      says: 'a UDP dial runs few udp_* functions',
      expect: {
        'node-udp': agrees('the client runs 20 udp_* functions or fewer', functions('udp_', 1, 20)),
        'libc-udp': agrees('the client runs 20 udp_* functions or fewer', functions('udp_', 1, 20)),
      },
    },
  ],
};

/** Under the client's threads; on one machine some of them do the server's work, in softirqs. */
function functions(begins: string, atLeast: number, atMost?: number): Clause {
  const called = kernel({ threadHost: 'client', name: 'function', function: { begins } });
  return { distinct: called, field: 'function', atLeast, ...(atMost !== undefined && { atMost }) };
}
