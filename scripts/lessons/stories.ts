/** Stories, and parts of stories, that several lessons tell. */
import type { Act } from './lesson.ts';

/** How most stories begin: the server is there before anybody calls. */
export const serverListens: readonly Act[] = [
  { act: 'start', host: 'server', args: [] },
  { act: 'printed', host: 'server', line: 'listening:' },
];

/** How most stories end. */
export const serverEnds: readonly Act[] = [
  { act: 'waits', host: 'server' },
  { act: 'signal', host: 'server', signal: 'SIGTERM' },
  { act: 'exited', host: 'server' },
];

/** The article's whole program: the client sends one message, the server answers, the client is the first to close. */
export const echoStory: readonly Act[] = [
  ...serverListens,
  { act: 'start', host: 'client', args: ['HELLO!!', '4000'] },
  { act: 'exited', host: 'client' },
  ...serverEnds,
];

/** The server answers, but no datagram reaches the client's program; it waits until its deadline. */
export const replyLost: readonly Act[] = [
  ...serverListens,
  { act: 'drop', host: 'client', protocol: 'udp' },
  { act: 'start', host: 'client', args: ['HELLO!!', '300'] },
  { act: 'exited', host: 'client', status: 1 },
  ...serverEnds,
];
