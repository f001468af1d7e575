/** Rows of a host's socket table, as ss(8) showed them at a named moment. */
import type { SocketEvent } from '../model/event.ts';
import { asWord, lookUp, type Explanation } from './explanation.ts';
import { place } from './packet-words.ts';
import { socketStates } from './socket-states.ts';

export function explainSocket({ protocol, state, local, peer, moment }: SocketEvent): Explanation {
  const entry = lookUp(socketStates, `${protocol} ${state}`);
  const means = entry === undefined ? '' : `: ${entry[0]}`;
  const other = peer.endsWith(':*') ? '' : ` with ${place(peer)}`;
  return {
    text: `has a ${protocol.toUpperCase()} socket at ${place(local)}${other} in ${state} at the moment ‘${moment}’${means}`,
    source: entry?.[1] ?? 'ss(8)',
    words: entry === undefined ? [] : [asWord(state, entry)],
  };
}
