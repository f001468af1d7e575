/**
 * boundaries: two messages, one after the other, to a server that is late. Does it receive two?
 */
import { agrees, call, inScene, packet, printed } from 'echolab/expectation';
import type { Lesson } from 'echolab/lesson';
import { serverEnds, serverListens } from 'echolab/stories';

const received = call({ host: 'server', step: 'receive', bytes: { atLeast: 1 } });

const twoMessages = agrees(
  'UDP: two sends are two datagrams and two receives, each with one message, however late the reader',
  { count: call({ host: 'client', step: 'send', bytes: { atLeast: 1 } }), is: 2 },
  { count: packet({ sender: 'client', protocol: 'udp' }), is: 2 },
  { count: received, is: 2 },
  { inOrder: [call({ ...received.fields, data: 'ONE' }), call({ ...received.fields, data: 'TWO!!' })] },
);

const oneStream = agrees(
  'TCP: two sends, and the late reader’s one receive returns both messages in one piece',
  { count: call({ host: 'client', step: 'send', bytes: { atLeast: 1 } }), is: 2 },
  { count: received, is: 1 },
  { see: call({ ...received.fields, data: 'ONETWO!!' }) },
);

export const lesson: Lesson = {
  id: 'boundaries',
  question: 'does one send arrive as one receive?',
  section: 'A UDP Server in Go',
  look: 'The server’s rows receive: two with UDP, one with TCP, for the same two sends.',
  surprises: [
    'The TCP client was connected, and its data acknowledged, while the server’s program was stopped.',
    'A datagram that is longer than the buffer is cut, and the rest is gone; no call says so unless it is asked (MSG_TRUNC).',
    'The buffer is not cleared between two receives: behind a short message the long one before is still there.',
  ],
  notShown: 'A datagram longer than a frame: IP cuts it into fragments and puts it together again.',
  ask: [
    {
      question: 'A server reads 1400 bytes into a buffer of 1024. How many are lost with UDP?',
      answer: '376: recvfrom(2) returns 1024, and the next call returns the next datagram.',
      variant: 'libc-udp',
      scene: 'buffer',
      clauses: [
        { see: packet({ sender: 'client', protocol: 'udp', payloadLength: 1400 }) },
        { see: call({ host: 'server', step: 'receive', returned: 1024 }) },
      ],
    },
    {
      question: 'The server’s program is stopped. Do the two datagrams wait, and where?',
      answer: 'In the queue of its socket: both have passed the server’s INPUT before a call returns either.',
      variant: 'node-udp',
      clauses: [
        {
          inOrder: [
            packet({ sender: 'client', logged: 'server INPUT', payload: 'TWO!!' }),
            call({ ...received.fields, data: 'ONE' }),
          ],
        },
      ],
    },
    {
      question: 'How would a TCP server know where ONE ends?',
      answer:
        'From nothing that the kernel tells it: the receive returned 8 bytes. The programs must agree on a sign.',
      variant: 'libc-tcp',
      clauses: [{ see: call({ ...received.fields, returned: 8 }) }],
    },
  ],
  scenes: [
    {
      id: 'main',
      variants: ['node-tcp', 'node-udp', 'libc-tcp', 'libc-udp'],
      story: [
        ...serverListens,
        { act: 'signal', host: 'server', signal: 'SIGSTOP' },
        { act: 'start', host: 'client', program: 'two-sends', args: ['ONE', 'TWO!!', '8000'] },
        { act: 'arrived', host: 'server', bytes: 8 },
        { act: 'signal', host: 'server', signal: 'SIGCONT' },
        { act: 'exited', host: 'client' },
        ...serverEnds,
      ],
    },
    {
      id: 'buffer',
      title: 'a buffer of 1024 bytes',
      variants: ['libc-udp'],
      story: [
        { act: 'start', host: 'server', program: 'buffer-server', args: [] },
        { act: 'printed', host: 'server', line: 'listening:' },
        { act: 'start', host: 'client', program: 'three-sizes', args: [] },
        { act: 'exited', host: 'client' },
        { act: 'printed', host: 'server', line: 'beyond:' },
        ...serverEnds,
      ],
    },
  ],
  claims: [
    {
      id: 'buffer-size',
      says: 'messages are read into a 1024-byte buffer',
      expect: {
        'libc-udp': inScene(
          'buffer',
          agrees(
            'of 1400 bytes recvfrom(2) returns 1024, and the rest is gone; with MSG_TRUNC it says 1400',
            { count: packet({ sender: 'client', protocol: 'udp', payloadLength: 1400 }), is: 2 },
            {
              inOrder: [
                call({ host: 'server', name: 'recvfrom', returned: 1024, flags: null }),
                call({ host: 'server', name: 'recvfrom', returned: 1400, flags: 'MSG_TRUNC' }),
                call({ host: 'server', name: 'recvfrom', returned: 5 }),
              ],
            },
          ),
        ),
      },
    },
    {
      id: 'buffer-reused',
      says: 'the buffer is not cleared between reads',
      expect: {
        'libc-udp': inScene(
          'buffer',
          agrees(
            'behind the 5 bytes of the short message stand 1019 of the one before',
            { see: call({ host: 'server', name: 'recvfrom', returned: 5, data: 'short' }) },
            { see: printed('server', 'beyond: bytes=1019 text=bbbbbbbb') },
          ),
        ),
      },
    },
    {
      id: 'boundaries',
      says: '(contrast) UDP keeps message boundaries, TCP does not',
      expect: {
        'node-udp': twoMessages,
        'libc-udp': twoMessages,
        'node-tcp': oneStream,
        'libc-tcp': oneStream,
      },
    },
  ],
};
