/**
 * echo: the article's whole program. What the client writes comes back, over TCP and over UDP.
 */
import { agrees, call, packet, printed } from './expectation.ts';
import { serverEnds, serverListens, type Lesson, type Protocol } from './lesson.ts';

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

export const lesson: Lesson = {
  id: 'echo',
  question: 'does what the client writes come back?',
  section: 'Overview',
  scenes: [
    {
      id: 'main',
      variants: ['node-tcp', 'node-udp'],
      story: [
        ...serverListens,
        { act: 'start', host: 'client', args: ['HELLO!!', '4000'] },
        { act: 'exited', host: 'client' },
        ...serverEnds,
      ],
    },
  ],
  claims: [
    {
      id: 'echo-returns',
      says: 'what the client writes, the server echoes',
      expect: { 'node-tcp': echoes('tcp'), 'node-udp': echoes('udp') },
    },
    {
      id: 'echo-prints',
      says: 'packet-written: bytes=N, packet-received: bytes=N from=A, cancelled',
      expect: { 'node-tcp': prints('tcp'), 'node-udp': prints('udp') },
    },
    {
      id: 'reply-swaps',
      says: 'the reply goes back to where the message came from',
      expect: { 'node-tcp': swaps('tcp'), 'node-udp': swaps('udp') },
    },
    {
      id: 'same-path',
      says: 'client and server go through the same path',
      expect: {
        'node-udp': agrees(
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
        ),
      },
    },
  ],
};
