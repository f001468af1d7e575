/** The runtime's own calls in one line. */
import type { CallEvent } from '../../model/event.ts';

export interface Fold {
  readonly kind: 'fold';
  /** Numbers of the log's lines, in order. */
  readonly lines: readonly number[];
  readonly calls: readonly CallEvent[];
  readonly when: 'starts' | 'runs' | 'ends';
}

/** `412 calls while Node starts: read 131, close 98, fcntl 40, mmap 22, and 9 others` */
export function foldTitle({ calls, when, lines }: Fold, runtime: string): string {
  const what = calls.length === 1 ? '1 call' : `${calls.length} calls`;
  if (calls.length === 0)
    return lines.length === 1 ? 'a line about no call' : `${lines.length} lines about no call`;
  const title = when === 'runs' ? `${what} of ${runtime}’s own` : `${what} while ${runtime} ${when}`;
  const counts = [...Map.groupBy(calls, ({ name }) => name)]
    .map(([name, same]) => ({ name, count: same.length }))
    .toSorted((one, other) => other.count - one.count);
  const shown = counts.slice(0, 6).map(({ name, count }) => `${name} ${count}`);
  const more = counts.length > 6 ? [`and ${counts.length - 6} others`] : [];
  return `${title}: ${[...shown, ...more].join(', ')}`;
}

/** By the name of what was run: `/usr/bin/node` → `Node`, `/usr/bin/curl` → `curl`. */
export function runtimeName(argv: readonly string[]): string {
  const name = argv[0]?.split(/[/\\]/).at(-1) ?? '';
  return name === 'node' ? 'Node' : name === '' ? 'the program' : name;
}
