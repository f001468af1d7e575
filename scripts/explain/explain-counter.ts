/** Counters of the network stack that have changed. */
import type { CounterEvent } from '../model/event.ts';
import { counters } from './counters.ts';
import { asWord, lookUp, type Explanation } from './explanation.ts';

export function explainCounter({ name, change, moment }: CounterEvent): Explanation {
  const entry = lookUp(counters, name);
  const by = `${change > 0 ? '+' : ''}${change}`;
  const since = `since the moment ‘before’ (${by} at the moment ‘${moment}’)`;
  if (entry === undefined)
    return { text: `has counted ${name} ${since}`, source: 'proc_pid_net(5)', words: [] };
  return { text: `${name}: ${entry[0]}; ${by} ${since}`, source: entry[1], words: [asWord(name, entry)] };
}
