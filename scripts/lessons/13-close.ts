/**
 * close: the client is done. Who is told, and what stays behind?
 */
import { agrees, call, packet, socketRow } from 'echolab/expectation';
import type { Lesson } from 'echolab/lesson';
import { echoStory } from 'echolab/stories';

const closes = (host: string, protocol: string) => call({ host, step: 'close', protocol });

const tellsNobody = agrees(
  'close(2) sends nothing, and the host keeps nothing of the socket',
  { see: closes('client', 'udp') },
  { never: packet({ by: { oneOf: ['close', 'shutdown', 'exit'] } }) },
  { count: packet({ protocol: 'udp' }), is: 2 },
  { never: socketRow({ protocol: 'udp', moment: 'after' }) },
);

const exchangesFins = agrees(
  'a FIN each way, and the first to close keeps the connection in TIME-WAIT',
  { see: closes('client', 'tcp') },
  {
    inOrder: [
      packet({ sender: 'client', flags: 'ACK FIN', from: '$client' }),
      packet({ sender: 'server', flags: 'ACK FIN', to: '$client' }),
      packet({ sender: 'client', flags: 'ACK', from: '$client' }),
    ],
  },
  { see: socketRow({ host: 'client', moment: 'after', state: 'TIME-WAIT', local: '$client' }) },
  { never: socketRow({ host: 'server', moment: 'after', state: 'TIME-WAIT' }) },
);

export const lesson: Lesson = {
  id: 'close',
  question: 'what does close(2) tell the other side?',
  section: 'Overview',
  look: 'The last rows: three packets below TCP’s close or shutdown, none below UDP’s.',
  surprises: [
    'A UDP server never learns that a client has gone; it has nothing to forget.',
    'Node ends a TCP connection by shutdown(SHUT_WR), which sends the FIN; its close(2) comes when the server has closed too.',
    'The program has ended and its connection is still there: TIME-WAIT, for 60 seconds, on the side that closed first.',
  ],
  notShown:
    'TIME-WAIT’s end; and the tracepoint of states, which shows CLOSE where the table shows TIME-WAIT.',
  ask: [
    {
      question: 'Which side keeps the connection in its table?',
      answer: 'The client: it was the first to close.',
      variant: 'node-tcp',
      clauses: [{ see: socketRow({ host: 'client', moment: 'after', state: 'TIME-WAIT' }) }],
    },
    {
      question: 'How does the TCP server’s program learn that the client is done?',
      answer: 'Its read(2) returns 0.',
      variant: 'libc-tcp',
      clauses: [{ see: call({ host: 'server', step: 'receive', returned: 0 }) }],
    },
    {
      question: 'And the UDP server’s?',
      answer: 'It does not. Its next receive waits, as before.',
      variant: 'libc-udp',
      clauses: [{ never: packet({ by: 'close' }) }, { see: closes('client', 'udp') }],
    },
  ],
  scenes: [{ id: 'main', variants: ['node-tcp', 'node-udp', 'libc-tcp', 'libc-udp'], story: echoStory }],
  claims: [
    {
      id: 'close-silent',
      says: '(contrast) closing UDP tells nobody; TCP exchanges FINs, the first to close is in TIME-WAIT',
      expect: {
        'node-tcp': exchangesFins,
        'node-udp': tellsNobody,
        'libc-tcp': exchangesFins,
        'libc-udp': tellsNobody,
      },
    },
  ],
};
