/**
 * serve: the server's side. How does it know whom to answer, and how does it keep two clients apart?
 */
import { agrees, call, differs, inScene, kernel, packet, refutes, through } from 'echolab/expectation';
import type { Act, Lesson, Protocol, Variant } from 'echolab/lesson';
import { echoStory, serverEnds, serverListens } from 'echolab/stories';

const all: readonly Variant[] = ['node-tcp', 'node-udp', 'libc-tcp', 'libc-udp'];
const receives = call({ host: 'server', step: 'receive', bytes: { atLeast: 1 }, socket: '$s' });
const sends = call({ host: 'server', step: 'send', socket: '$s' });

const asks = (server: string, deadline: string): Act[] => [
  { act: 'start', host: 'server', program: server, args: [] },
  { act: 'printed', host: 'server', line: 'listening:' },
  { act: 'start', host: 'client', args: ['HELLO!!', deadline] },
  { act: 'exited', host: 'client', status: 1 },
  ...serverEnds,
];

const oneSocket = agrees(
  'one socket, and on it: receive from one client, answer it, receive from the other, answer it',
  { count: call({ host: 'server', step: 'socket', protocol: 'udp' }), is: 1 },
  {
    inOrder: [
      call({ ...receives.fields, address: '$a' }),
      call({ ...sends.fields, address: '$a' }),
      call({ ...receives.fields, address: '$b' }),
      call({ ...sends.fields, address: '$b' }),
    ],
  },
  { see: call({ ...receives.fields, address: { not: '$a' } }) },
);

const socketEach = agrees(
  'a descriptor for each client, each from accept(2), beside the one of listen(2)',
  { count: call({ host: 'server', step: 'accept', returned: { atLeast: 0 } }), is: 2 },
  { see: call({ ...sends.fields, socket: '$one' }) },
  { see: call({ ...sends.fields, socket: { not: '$one' } }) },
);

/** The server's answer goes where the receive said the message came from. */
const backToSender = agrees(
  'the destination of the answer is the source that the receive returned',
  {
    inOrder: [
      call({ ...receives.fields, address: '$client' }),
      call({ ...sends.fields, address: '$client' }),
    ],
  },
  { see: packet({ sender: 'client', protocol: 'udp', from: '$client' }) },
  { see: packet({ sender: 'server', protocol: 'udp', to: '$client' }) },
);

const connection = (protocol: Protocol) =>
  agrees(
    'accept4(2) returns a new descriptor, and the answer is written to it, without an address',
    { see: call({ host: 'server', name: 'accept4', protocol, id: '$accepted', returned: '$fd' }) },
    { see: call({ ...receives.fields, socket: '$accepted' }) },
    { see: call({ ...sends.fields, socket: '$accepted', fd: '$fd', address: null }) },
  );

/** The 8 bytes of a UDP header: source port, destination port, length, checksum (RFC 768). */
const header = refutes(
  'a UDP header holds two ports, a length and a checksum, no address: the address stands in the IP header before it',
  'Plan 9 reads a record of its own kernel’s, with both addresses, which it calls a header; the 8 bytes on the wire have none',
  {
    see: packet({
      sender: 'client',
      protocol: 'udp',
      src: '$ip',
      sport: '$port',
      dst: '10.0.0.2',
      dport: 9000,
    }),
  },
  { see: call({ ...receives.fields, address: '$ip:$port' }) },
);

/** What calls it: Node’s main, libuv’s loop, and what asks epoll. */
const eventLoop = ['node::Start', 'uv_run', 'uv__io_poll'];
const throughFfi = 'node::ffi::DynamicLibrary::InvokeFunction';

export const lesson: Lesson = {
  id: 'serve',
  question: 'whom does a server answer?',
  section: 'Receiving from a UDP “connection” in a server',
  look: 'The scene “two clients”: the server’s descriptors, one with UDP, three with TCP.',
  surprises: [
    'A UDP server that uses read(2) gets the bytes and nobody to answer: write(2) fails with EDESTADDRREQ.',
    'A TCP client is connected, and its data acknowledged, by a server that never calls accept(2).',
    'A blocking TCP server with one thread lets the second client wait until the first has gone; connect(2) told it nothing.',
    'The UDP header has no address in it. recvfrom(2)’s comes from the IP header.',
  ],
  notShown: 'A server with threads, or one that forks; SO_REUSEPORT.',
  ask: [
    {
      question: 'Can a TCP client connect to a server that never calls accept(2)?',
      answer: 'Yes: the kernel completes the handshake and takes data, up to the backlog of listen(2).',
      variant: 'libc-tcp',
      scene: 'never-accepts',
      clauses: [
        { see: call({ host: 'client', step: 'connect', returned: 0 }) },
        { never: call({ host: 'server', step: 'accept' }) },
      ],
    },
    {
      question: 'The UDP server has one socket. What tells its two clients apart?',
      answer: 'The address that comes with each datagram.',
      variant: 'libc-udp',
      scene: 'two-clients',
      clauses: [
        { see: call({ ...receives.fields, address: '$a' }) },
        { see: call({ ...receives.fields, address: { not: '$a' } }) },
      ],
    },
    {
      question: 'A UDP server calls read(2). What can it not do then?',
      answer: 'Answer: it has no address, and write(2) says EDESTADDRREQ.',
      variant: 'libc-udp',
      scene: 'reads',
      clauses: [{ see: call({ host: 'server', step: 'send', errno: 'EDESTADDRREQ' }) }],
    },
  ],
  scenes: [
    { id: 'main', variants: all, story: echoStory },
    {
      id: 'two-clients',
      title: 'two clients',
      variants: all,
      story: [
        ...serverListens,
        { act: 'start', host: 'client', program: 'two-clients', args: [] },
        { act: 'exited', host: 'client' },
        ...serverEnds,
      ],
    },
    {
      id: 'user-stacks',
      title: 'the program’s own stack at each call',
      variants: ['node-udp', 'libc-udp'],
      stacks: true,
      story: echoStory,
    },
    {
      id: 'reads',
      title: 'a server that reads with read(2)',
      waitsMs: 300,
      variants: ['libc-udp'],
      story: asks('read-server', '300'),
    },
    {
      id: 'never-accepts',
      title: 'a server that never accepts',
      waitsMs: 300,
      variants: ['libc-tcp'],
      story: asks('backlog-server', '300'),
    },
  ],
  claims: [
    {
      id: 'one-client',
      says: 'the server answers a single client at a time',
      expect: {
        'node-udp': inScene('two-clients', oneSocket),
        'libc-udp': inScene('two-clients', oneSocket),
        'node-tcp': inScene('two-clients', socketEach),
        'libc-tcp': inScene('two-clients', socketEach),
      },
    },
    {
      id: 'no-connection',
      says: 'the server directs a message to the address that wrote to it',
      expect: { 'node-udp': backToSender, 'libc-udp': backToSender },
    },
    {
      id: 'read-nobody',
      says: 'a server that only reads knows nobody to answer',
      expect: {
        'libc-udp': inScene(
          'reads',
          agrees('read(2) returns the message; then write(2) fails with EDESTADDRREQ', {
            inOrder: [
              call({ ...receives.fields, name: 'read', address: null }),
              call({ ...sends.fields, name: 'write', errno: 'EDESTADDRREQ' }),
            ],
          }),
        ),
      },
    },
    {
      id: 'recvfrom-address',
      says: 'recvfrom tells who sent it',
      expect: {
        'libc-udp': agrees('the address in recvfrom(2)’s out-argument; sendto(2) to it works', {
          inOrder: [
            call({ ...receives.fields, name: 'recvfrom', address: '$client' }),
            call({ ...sends.fields, name: 'sendto', address: '$client', returned: { atLeast: 1 } }),
          ],
        }),
        'node-udp': differs(
          'recvmsg(2)’s msg_name',
          'libuv uses the same call for every receive; what comes back is the same',
          { see: call({ ...receives.fields, name: 'recvmsg', address: '$client' }) },
          { see: call({ ...sends.fields, name: 'sendmsg', address: '$client' }) },
          { never: call({ host: 'server', name: 'recvfrom' }) },
        ),
      },
    },
    {
      id: 'accept-connection',
      says: 'TCP: accept gives a connection',
      expect: { 'node-tcp': connection('tcp'), 'libc-tcp': connection('tcp') },
    },
    {
      id: 'accept-not-needed',
      says: '(addition) connect succeeds without accept',
      expect: {
        'libc-tcp': inScene(
          'never-accepts',
          agrees(
            'connected, and the data acknowledged, while accept(2) was never called',
            { see: call({ host: 'client', step: 'connect', returned: 0 }) },
            { see: call({ host: 'client', step: 'send', returned: 7 }) },
            { see: packet({ sender: 'client', payloadLength: 7, event: '$data' }) },
            { see: packet({ sender: 'server', protocol: 'tcp', answers: '$data' }) },
            { never: call({ host: 'server', step: 'accept' }) },
          ),
        ),
      },
    },
    {
      id: 'recvfrom-stack',
      says: 'the user-space stack leads down to recvfrom',
      expect: {
        'node-udp': inScene(
          'user-stacks',
          differs(
            'Node’s event loop → libuv’s uv_run → uv__io_poll → uv__udp_recvmsg → recvmsg; no JavaScript',
            'libuv receives when epoll has reported the socket, before any line of the program runs',
            {
              see: call({
                ...{ ...receives.fields, name: 'recvmsg' },
                ...{ userStack: through(...eventLoop, 'uv__udp_recvmsg', 'recvmsg'), fromJavaScript: false },
              }),
            },
            { never: call({ host: 'server', name: 'recvmsg', fromJavaScript: true }) },
          ),
        ),
        'libc-udp': inScene(
          'user-stacks',
          agrees(
            'the program’s own line → node:ffi → recvfrom; no event loop between',
            {
              see: call({
                ...{ ...receives.fields, name: 'recvfrom' },
                ...{ userStack: through(throughFfi, 'recvfrom'), fromJavaScript: true },
              }),
            },
            { never: call({ host: 'server', name: 'recvfrom', userStack: through('uv__io_poll') }) },
          ),
        ),
      },
    },
    {
      id: 'recvfrom-path',
      says: 'recvfrom → … → __skb_recv_udp',
      expect: {
        'libc-udp': agrees(
          'the waiting server sleeps on one stack from __sys_recvfrom to __skb_recv_udp',
          { see: call({ host: 'server', name: 'recvfrom', id: '$receive' }) },
          {
            see: kernel({
              ...{ name: 'sched_switch', call: '$receive' },
              stack: through('__sys_recvfrom', 'udp_recvmsg', '__skb_recv_udp'),
            }),
          },
        ),
      },
    },
    {
      id: 'header-by-hand',
      says: 'Plan 9 reads “the UDP header” in user space to find the sender',
      expect: { 'libc-udp': header, 'node-udp': header },
    },
  ],
};
