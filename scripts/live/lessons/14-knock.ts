/**
 * knock: a lesson of one's own, in one file. Does a UDP server notice that somebody has connected to it?
 */
import { agrees, call, packet } from 'echolab/expectation';
import type { Lesson } from 'echolab/lesson';
import { serverEnds, serverListens } from 'echolab/stories';

const notices = agrees(
  'no: connect(2) returns 0, and the server’s socket receives nothing',
  { see: call({ host: 'client', step: 'connect', protocol: 'udp', returned: 0 }) },
  { never: call({ host: 'server', step: 'receive', bytes: { atLeast: 0 } }) },
  { never: packet({ sender: 'client' }) },
);

export const lesson: Lesson = {
  id: 'knock',
  question: 'does a UDP server notice a connect(2)?',
  section: 'TCP Dialing vs UDP Dialing',
  look: 'The server’s rows: a socket, a bind, and nothing between that and the end.',
  surprises: ['The client has a peer, and the peer has no client.'],
  notShown: 'What the server’s kernel would say if nobody listened: it is not asked.',
  ask: [
    {
      question: 'Could the server count its connected clients?',
      answer: 'No: nothing of a connect(2) leaves the client.',
      variant: 'node-udp',
      clauses: [{ never: packet({ sender: 'client' }) }],
    },
  ],
  scenes: [
    {
      id: 'main',
      variants: ['node-udp', 'libc-udp'],
      story: [
        ...serverListens,
        { act: 'start', host: 'client', args: ['', '1000'] },
        { act: 'exited', host: 'client' },
        ...serverEnds,
      ],
    },
  ],
  claims: [
    {
      id: 'nobody-knocks',
      says: 'a connected UDP socket is a matter of the client alone',
      expect: { 'node-udp': notices, 'libc-udp': notices },
    },
  ],
};
