/** What belongs to an event: what led to it, and what came of it. */
import type { Entry } from '../data/report.ts';
import { namedBy, type Scene } from './scene.ts';

/** The ids of the events that light up with one; without itself. */
export function related(scene: Scene, id: string): ReadonlySet<string> {
  const found = new Set<string>();
  const upwards = (from: string): void => {
    for (const above of namedBy(scene.find(from))) {
      if (found.has(above) || above === id) continue;
      found.add(above);
      if (scene.find(above)?.kind === 'packet') upwards(above);
    }
  };
  const downwards = (from: string): void => {
    for (const below of scene.pointing(from)) {
      if (found.has(below) || below === id) continue;
      found.add(below);
      // What a kernel answers to a packet belongs to it; what the other program then does is its own.
      if (scene.find(below)?.kind === 'packet') downwards(below);
    }
  };
  upwards(id);
  downwards(id);
  return found;
}

/** One line of what an event has to do with others, for the inspector. */
export interface Tie {
  readonly what: string;
  readonly ids: readonly string[];
  readonly certainty?: 'measured' | 'inferred';
}

export function tiesOf(scene: Scene, entry: Entry): Tie[] {
  const below = scene.pointing(entry.id).flatMap((id) => scene.find(id) ?? []);
  const kernel = below.filter(({ kind }) => kind === 'kernel').map(({ id }) => id);
  const caused = below.filter((one) => one.kind === 'packet' && one.cause?.event === entry.id);
  const taken = below.filter((one) => one.kind === 'packet' && one.receivedBy === entry.id);
  const again = below.filter((one) => one.kind === 'packet' && one.repeats === entry.id);
  const ties: Tie[] = [];
  const add = (what: string, ids: readonly string[], certainty?: Tie['certainty']) => {
    if (ids.length > 0) ties.push({ what, ids, ...(certainty !== undefined && { certainty }) });
  };
  if (entry.kind === 'packet') {
    const { cause, repeats, receivedBy } = entry;
    if (cause !== undefined) add('because of', [cause.event], cause.certainty);
    if (repeats !== undefined) add('repeats', [repeats]);
    if (receivedBy !== undefined) add('taken in by', [receivedBy]);
  }
  if (entry.kind === 'kernel') {
    if (entry.call !== undefined) add('inside', [entry.call]);
    if (entry.packet !== undefined) add('about', [entry.packet]);
  }
  for (const certainty of ['measured', 'inferred'] as const) {
    const ids = caused.filter((one) => one.kind === 'packet' && one.cause?.certainty === certainty);
    add(
      entry.kind === 'packet' ? 'answered by' : 'sent',
      ids.filter((one) => one.kind === 'packet' && one.repeats !== entry.id).map(({ id }) => id),
      certainty,
    );
  }
  add(
    'took in',
    taken.map(({ id }) => id),
  );
  add(
    'sent again as',
    again.map(({ id }) => id),
  );
  add('in the kernel', kernel);
  return ties;
}
