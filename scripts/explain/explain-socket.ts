/** Rows of a host's socket table. */
import type { SocketEvent } from '../model/event.ts';
import { asWord, lookUp, type Explanation } from './explanation.ts';
import { socketStates } from './socket-states.ts';

export function explainSocket({ protocol, state, local, peer, moment }: SocketEvent): Explanation {
  const entry = lookUp(socketStates, `${protocol} ${state}`);
  const means = entry === undefined ? '' : `: ${entry[0]}`;
  const other = peer.endsWith(':*') ? '' : ` with ${peer}`;
  return {
    text: `has, at the moment ‘${moment}’, a ${protocol.toUpperCase()} socket at ${local}${other} in state ${state}${means}`,
    source: entry?.[1] ?? 'ss(8)',
    words: entry === undefined ? [] : [asWord(state, entry)],
  };
}
