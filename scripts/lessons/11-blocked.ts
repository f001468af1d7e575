/**
 * blocked: the program writes faster than the link or the other side takes. Who waits?
 *
 * UDP's link carries 80 kbit/s; TCP's server is stopped and does not read.
 */
import { agrees, call, complained, differs, inScene, packet, printed } from 'echolab/expectation';
import type { Act, Lesson, Protocol } from 'echolab/lesson';
import { serverEnds } from 'echolab/stories';

const sink: readonly Act[] = [
  { act: 'start', host: 'server', program: 'sink', args: ['4096'] },
  { act: 'printed', host: 'server', line: 'listening:' },
];

const bursts = (args: readonly string[]): Act => ({ act: 'start', host: 'client', program: 'burst', args });
/** net cannot ask for a small buffer; left to itself the kernel lets it grow to some hundred KiB, or more. */
const smallBuffer: Act = {
  act: 'sysctl',
  host: 'client',
  name: 'net.ipv4.tcp_wmem',
  value: '4096 16384 16384',
};
const slowLink: Act = { act: 'shape', host: 'client', rate: '80kbit' };

/** The server's program stops before it has read a byte, and goes on when its window is closed. */
const absentReader = (args: readonly string[], end: readonly Act[]): Act[] => [
  ...sink,
  { act: 'signal', host: 'server', signal: 'SIGSTOP' },
  bursts(args),
  ...end,
  { act: 'signal', host: 'server', signal: 'SIGCONT' },
];

const writes = (protocol: Protocol) => call({ host: 'client', step: 'send', protocol, socket: '$s' });
const timeoutSet = call({
  ...{ host: 'client', name: 'setsockopt', socket: '$s' },
  flags: { oneOf: ['SO_SNDTIMEO', 'SO_SNDTIMEO_OLD', 'SO_SNDTIMEO_NEW'] },
});

const failsInTime = (protocol: Protocol, scene: string) =>
  inScene(
    scene,
    agrees(
      'SO_SNDTIMEO: a write(2) that finds no room in time fails with EAGAIN',
      {
        inOrder: [
          timeoutSet,
          call({ ...writes(protocol).fields, name: 'write', errno: 'EAGAIN', lastedMs: { atLeast: 90 } }),
        ],
      },
      { see: complained('client', `write ${protocol} 10.0.0.2:9000: i/o timeout`) },
    ),
  );

const serverHasAll: Act = { act: 'printed', host: 'server', line: 'received:' };

export const lesson: Lesson = {
  id: 'blocked',
  question: 'may a write block?',
  section: 'A UDP Server in Go',
  look: 'The client’s rows send: how long the last of them takes with libc, and the EAGAIN with Node.',
  surprises: [
    'A UDP write blocks only where the link is slower than the program: a receiver that is too slow never makes it wait.',
    'Node never waits: the call fails with EAGAIN, the rest stays in Node’s memory and goes out later, many pieces a call (sendmmsg, writev).',
    'A deadline for writing bounds the waiting for room in the buffer, not the delivery.',
  ],
  notShown: 'A buffer of the usual size: on these links it never fills; the programs make theirs small.',
  ask: [
    {
      question: 'The TCP server does not read. How does the client’s kernel know?',
      answer: 'From the window in the server’s ACKs: it goes down to 0.',
      variant: 'libc-tcp',
      scene: 'stopped-reader',
      clauses: [{ see: packet({ sender: 'server', protocol: 'tcp', window: 0 }) }],
    },
    {
      question: 'Node’s sendmsg(2) fails with EAGAIN. Is the datagram lost?',
      answer: 'No: it waits in a queue of Node’s and is sent when epoll says that there is room.',
      variant: 'node-udp',
      clauses: [
        {
          inOrder: [
            call({ ...writes('udp').fields, errno: 'EAGAIN' }),
            call({
              ...writes('udp').fields,
              name: { oneOf: ['sendmmsg', 'sendmsg'] },
              returned: { atLeast: 1 },
            }),
          ],
        },
        { sameBytes: [call({ ...writes('udp').fields }), packet({ sender: 'client', protocol: 'udp' })] },
      ],
    },
    {
      question: 'How many datagrams are on the link while the program waits?',
      answer: 'The program cannot see it. It has written eight; the link lets one pass every 0.1 s.',
      variant: 'libc-udp',
      clauses: [{ count: packet({ sender: 'client', protocol: 'udp' }), is: 8 }],
    },
  ],
  scenes: [
    {
      id: 'main',
      title: 'a link of 80 kbit/s',
      waitsMs: 700,
      variants: ['node-udp', 'libc-udp'],
      story: [
        ...sink,
        slowLink,
        bursts(['8', '997']),
        { act: 'exited', host: 'client' },
        { act: 'arrived', host: 'server', bytes: 8 * 997 },
        ...serverEnds,
      ],
    },
    {
      id: 'stopped-reader',
      title: 'a server that does not read',
      variants: ['libc-tcp'],
      story: [
        ...absentReader(
          ['23', '997'],
          [
            { act: 'arrived', host: 'client', window: 0 },
            { act: 'waits', host: 'client' },
          ],
        ),
        { act: 'exited', host: 'client' },
        serverHasAll,
        ...serverEnds,
      ],
    },
    {
      id: 'queued',
      title: 'a server that does not read',
      variants: ['node-tcp'],
      story: [
        smallBuffer,
        ...absentReader(
          // Small ones: once the window is closed, the next write(2) fails, however slow the tracer.
          ['31', '8192'],
          [
            { act: 'printed', host: 'client', line: 'queued:' },
            { act: 'arrived', host: 'client', window: 0 },
          ],
        ),
        { act: 'exited', host: 'client' },
        serverHasAll,
        ...serverEnds,
      ],
    },
    {
      id: 'deadline',
      title: 'a link of 80 kbit/s, and a deadline of 100 ms',
      waitsMs: 400,
      variants: ['libc-udp'],
      story: [
        ...sink,
        { act: 'shape', host: 'client', rate: '20kbit' },
        bursts(['8', '997', '100']),
        { act: 'exited', host: 'client', status: 1 },
        ...serverEnds,
      ],
    },
    {
      id: 'stopped-deadline',
      title: 'a server that does not read, and a deadline of 100 ms',
      waitsMs: 200,
      variants: ['libc-tcp'],
      story: [
        ...absentReader(['23', '997', '100'], [{ act: 'exited', host: 'client', status: 1 }]),
        serverHasAll,
        ...serverEnds,
      ],
    },
  ],
  claims: [
    {
      id: 'write-may-block',
      says: 'a write may block when the buffer is full',
      expect: {
        'libc-udp': agrees('a write(2) that takes as long as the link needs for a datagram', {
          see: call({ ...writes('udp').fields, name: 'write', returned: 997, lastedMs: { atLeast: 50 } }),
        }),
        'node-udp': differs(
          'sendmsg(2) fails with EAGAIN; Node queues the rest and sends it later by sendmmsg(2)',
          'the socket never blocks; libuv waits for room with epoll, the program for a callback',
          {
            inOrder: [
              call({ ...writes('udp').fields, name: 'sendmsg', errno: 'EAGAIN' }),
              call({ ...writes('udp').fields, name: 'sendmmsg', returned: { atLeast: 1 } }),
            ],
          },
          { see: printed('client', 'queued: bytes=$n') },
          // A write that waited for room would take the 0.1 s that the link needs for a datagram.
          { never: call({ ...writes('udp').fields, tookMs: { atLeast: 90 } }) },
        ),
        'libc-tcp': inScene(
          'stopped-reader',
          agrees(
            'the server’s window is 0; a write(2) waits until the server reads',
            { see: packet({ sender: 'server', protocol: 'tcp', window: 0 }) },
            { see: call({ ...writes('tcp').fields, name: 'write', lastedMs: { atLeast: 3 } }) },
            {
              sameBytes: [
                writes('tcp'),
                call({ host: 'server', step: 'receive', protocol: 'tcp', bytes: { atLeast: 1 } }),
              ],
            },
          ),
        ),
        'node-tcp': inScene(
          'queued',
          differs(
            'write(2) takes a part, or nothing (EAGAIN); Node keeps the rest and writes it later by writev(2)',
            'the socket never blocks; write() returns false, and `drain` says when to go on',
            {
              inOrder: [
                call({ ...writes('tcp').fields, name: 'write', left: { atLeast: 1 } }),
                call({ ...writes('tcp').fields, name: 'writev', returned: { atLeast: 1 } }),
                printed('client', 'drained'),
              ],
            },
            { see: packet({ sender: 'server', protocol: 'tcp', window: 0 }) },
          ),
        ),
      },
    },
    {
      id: 'write-deadline',
      says: 'a deadline bounds it',
      expect: {
        'libc-udp': failsInTime('udp', 'deadline'),
        'libc-tcp': failsInTime('tcp', 'stopped-deadline'),
      },
    },
  ],
};
