/**
 * echo: the article's whole program. What the client writes comes back, over TCP and over UDP.
 */
import { agrees, call, packet, printed, type Expectation } from 'echolab/expectation';
import type { Lesson, Protocol } from 'echolab/lesson';
import { echoStory } from 'echolab/stories';

/** What left one host is what arrived at the other, and came back, in the calls and on the wire. */
const echoes = (protocol: Protocol) =>
  agrees(
    'the bytes that the client sends are the bytes that it receives, in the calls and on the wire',
    { see: call({ host: 'client', step: 'send', protocol, bytes: { atLeast: 1 }, data: '$message' }) },
    {
      sameBytes: [
        call({ host: 'client', step: 'send', protocol, bytes: { atLeast: 1 } }),
        call({ host: 'client', step: 'receive', protocol, bytes: { atLeast: 1 } }),
      ],
    },
    {
      sameBytes: [
        packet({ sender: 'client', protocol, payloadLength: { atLeast: 1 }, repeated: false }),
        packet({ sender: 'server', protocol, payloadLength: { atLeast: 1 }, repeated: false }),
      ],
    },
  );

const prints = (protocol: Protocol) =>
  agrees(
    'the lines of the article, with the counts and addresses of the calls',
    { see: call({ host: 'client', step: 'send', protocol, bytes: '$n' }) },
    { see: packet({ sender: 'client', protocol, payloadLength: '$n', from: '$client' }) },
    { see: printed('client', 'packet-written: bytes=$n') },
    { see: printed('server', 'packet-received: bytes=$n from=$client') },
    { see: printed('server', 'packet-written: bytes=$n to=$client') },
    { see: printed('client', 'packet-received: bytes=$n from=10.0.0.2:9000') },
    { see: printed('server', 'cancelled') },
  );

const swaps = (protocol: Protocol) => {
  const message = packet({ sender: 'client', protocol, payloadLength: { atLeast: 1 }, from: '$c', to: '$s' });
  const reply = packet({ sender: 'server', protocol, payloadLength: { atLeast: 1 }, from: '$s', to: '$c' });
  return agrees(
    'source and destination of each reply are the destination and source of a message',
    { see: message },
    { each: message, has: reply },
    { each: reply, has: message },
  );
};

const samePath = agrees(
  'both prepare a socket, then send and receive on it; no listen(2), no accept(2); bind(2) or connect(2) is the role',
  {
    inOrder: [
      call({ host: 'server', step: 'socket', protocol: 'udp', socket: '$s' }),
      call({ host: 'server', step: 'bind', socket: '$s', address: '10.0.0.2:9000' }),
      call({ host: 'server', step: 'receive', socket: '$s', bytes: { atLeast: 1 } }),
      call({ host: 'server', step: 'send', socket: '$s', bytes: { atLeast: 1 } }),
    ],
  },
  {
    inOrder: [
      call({ host: 'client', step: 'socket', protocol: 'udp', socket: '$c' }),
      call({ host: 'client', step: 'connect', socket: '$c', address: '10.0.0.2:9000' }),
      call({ host: 'client', step: 'send', socket: '$c', bytes: { atLeast: 1 } }),
      call({ host: 'client', step: 'receive', socket: '$c', bytes: { atLeast: 1 } }),
    ],
  },
  { never: call({ step: { oneOf: ['listen', 'accept'] } }) },
);

/** One expectation of each protocol, the same in both runtimes. */
const inBoth = (of: (protocol: Protocol) => Expectation) => ({
  'node-tcp': of('tcp'),
  'node-udp': of('udp'),
  'libc-tcp': of('tcp'),
  'libc-udp': of('udp'),
});

export const lesson: Lesson = {
  id: 'echo',
  question: 'does what the client writes come back?',
  section: 'Overview',
  inFull: true,
  look: 'The server’s side: with TCP a row accept and a second descriptor, with UDP one socket for everybody.',
  surprises: [
    'One echo over UDP is two packets; over TCP it takes about ten.',
    'Node’s UDP programs call sendmsg(2) and recvmsg(2), where a C program calls write(2) or sendto(2).',
    'UDP’s first packet waits for ARP: the hosts do not know each other before.',
  ],
  notShown: 'What happens when a packet is lost: that is the lesson lost.',
  ask: [
    {
      question: 'How does the UDP server know where to send its answer?',
      answer: 'recvmsg(2) returned the address with the datagram; sendmsg(2) takes the same address.',
      variant: 'node-udp',
      clauses: [
        {
          inOrder: [
            call({ host: 'server', step: 'receive', bytes: { atLeast: 1 }, address: '$client' }),
            call({ host: 'server', step: 'send', bytes: { atLeast: 1 }, address: '$client' }),
          ],
        },
      ],
    },
    {
      question: 'And the TCP server?',
      answer: 'It need not know: it writes to the descriptor that accept4(2) has returned.',
      variant: 'libc-tcp',
      clauses: [
        { see: call({ host: 'server', step: 'accept', returned: '$fd' }) },
        { see: call({ host: 'server', step: 'send', fd: '$fd', address: null, bytes: { atLeast: 1 } }) },
      ],
    },
    {
      question: 'How many packets with payload does an echo over UDP take, how many without?',
      answer: 'Two with payload, one each way; none without, but for ARP.',
      variant: 'libc-udp',
      clauses: [
        { count: packet({ protocol: 'udp' }), is: 2 },
        { never: packet({ protocol: { oneOf: ['tcp', 'icmp'] } }) },
      ],
    },
  ],
  scenes: [{ id: 'main', variants: ['node-tcp', 'node-udp', 'libc-tcp', 'libc-udp'], story: echoStory }],
  claims: [
    {
      id: 'echo-returns',
      says: 'what the client writes, the server echoes',
      expect: inBoth(echoes),
    },
    {
      id: 'echo-prints',
      says: 'packet-written: bytes=N, packet-received: bytes=N from=A, cancelled',
      expect: inBoth(prints),
    },
    {
      id: 'reply-swaps',
      says: 'the reply goes back to where the message came from',
      expect: inBoth(swaps),
    },
    {
      id: 'same-path',
      says: 'client and server go through the same path',
      expect: { 'node-udp': samePath, 'libc-udp': samePath },
    },
  ],
};
