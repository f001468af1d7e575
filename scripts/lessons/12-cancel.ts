/**
 * cancel: the client waits for an answer, the server for a message. Both are told to stop.
 */
import { agrees, call, exits, packet, printed, type Expectation } from 'echolab/expectation';
import type { Lesson, Protocol } from 'echolab/lesson';
import { serverEnds, serverListens } from 'echolab/stories';

const told = (host: string) => ({ kind: 'signal', fields: { host, name: 'SIGTERM' } }) as const;

const ends = (host: string, protocol: Protocol) => [
  { inOrder: [told(host), call({ host, step: 'close', protocol, returned: 0 })] },
  { inOrder: [told(host), printed(host, 'cancelled')] },
  { inOrder: [told(host), exits(host, 0)] },
];

const cancelled = (protocol: Protocol): Expectation =>
  agrees(
    'SIGTERM, then close(2), `cancelled` and exit status 0, on both hosts',
    ...ends('client', protocol),
    ...ends('server', protocol),
  );

export const lesson: Lesson = {
  id: 'cancel',
  question: 'how does a program stop that waits?',
  section: 'A UDP Server in Go',
  look: 'The lines of client.strace around --- SIGTERM: which call had to end for it?',
  surprises: [
    'A signal ends a call that waits: EINTR. The handler of a JavaScript program runs only afterwards, in the event loop.',
    'A recvfrom(2) without a time limit would begin anew by itself (SA_RESTART), and the handler would never get a turn.',
    'The UDP server is not told that the client has gone. The TCP server is: a FIN.',
  ],
  notShown: 'SIGKILL: no program can do anything then; the kernel closes its sockets.',
  ask: [
    {
      question: 'Which call of Node’s does the signal end?',
      answer: 'epoll_pwait(2): EINTR. The receive is not even called.',
      variant: 'node-udp',
      clauses: [{ see: call({ host: 'client', name: 'epoll_pwait', errno: 'EINTR' }) }],
    },
    {
      question: 'And of the libc client?',
      answer: 'The read(2) itself.',
      variant: 'libc-udp',
      clauses: [{ see: call({ host: 'client', name: 'read', protocol: 'udp', errno: 'EINTR' }) }],
    },
    {
      question: 'Does the server learn that the TCP client has stopped?',
      answer: 'Yes: the kernel sends a FIN (or a RST) when the socket is closed.',
      variant: 'libc-tcp',
      clauses: [
        {
          inOrder: [
            told('client'),
            packet({ sender: 'client', flags: { oneOf: ['ACK FIN', 'ACK RST', 'RST'] } }),
          ],
        },
      ],
    },
  ],
  scenes: [
    {
      id: 'main',
      variants: ['node-tcp', 'node-udp', 'libc-tcp', 'libc-udp'],
      story: [
        ...serverListens,
        { act: 'drop', host: 'client', protocol: 'udp' },
        { act: 'drop', host: 'client', protocol: 'tcp', flags: 'ACK PSH' },
        { act: 'start', host: 'client', args: ['HELLO!!', '8000'] },
        { act: 'printed', host: 'client', line: 'packet-written:' },
        { act: 'printed', host: 'server', line: 'packet-written:' },
        { act: 'waits', host: 'client' },
        { act: 'signal', host: 'client', signal: 'SIGTERM' },
        { act: 'exited', host: 'client' },
        ...serverEnds,
      ],
    },
  ],
  claims: [
    {
      id: 'cancel',
      says: 'cancelling ends client and server, printing `cancelled`',
      expect: {
        'node-tcp': cancelled('tcp'),
        'node-udp': cancelled('udp'),
        'libc-tcp': cancelled('tcp'),
        'libc-udp': cancelled('udp'),
      },
    },
  ],
};
