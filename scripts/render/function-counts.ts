/** Which functions of the kernel ran on the threads of the client's program, and how often. */
import type { Timeline } from '../correlate/timeline.ts';
import type { KernelEvent } from '../model/event.ts';

/** The article's patterns first. */
export const patterns = ['tcp_', 'udp_', 'ip_', 'inet_', 'sock_'] as const;

export interface Counts {
  /** Calls by function, and how many of them were made in a softirq, where a thread works for others. */
  readonly calls: ReadonlyMap<string, { readonly all: number; readonly softirq: number }>;
  /** False: the functions that were seen on a stack; there may have been more, and nobody counted how often. */
  readonly counted: boolean;
}

/** Undefined where nothing of the kernel was recorded. */
export function countsOf({ events }: Timeline): Counts | undefined {
  const own = events.filter(
    (event): event is KernelEvent => event.kind === 'kernel' && event.threadHost === 'client',
  );
  if (own.length === 0) return undefined;
  const called = own.filter(({ name }) => name === 'function');
  const counted = called.length > 0;
  const ran = counted
    ? called.map(({ fields, context }) => ({
        name: fields['function'] ?? '',
        softirq: context !== 'process',
      }))
    : own.flatMap(({ stack, beyond }) => [
        ...stack.map((name) => ({ name, softirq: false })),
        ...beyond.map((name) => ({ name, softirq: true })),
      ]);
  const calls = new Map<string, { all: number; softirq: number }>();
  for (const { name, softirq } of ran) {
    const count = calls.get(name) ?? { all: 0, softirq: 0 };
    calls.set(name, { all: count.all + 1, softirq: count.softirq + Number(softirq) });
  }
  return { calls, counted };
}

export const beginning = ({ calls }: Counts, begins: string) =>
  [...calls].filter(([name]) => name.startsWith(begins)).toSorted(([one], [other]) => (one < other ? -1 : 1));

/** `94 functions, 179 calls, 80 in a softirq` */
export function sayCounts(counts: Counts, begins: string): string {
  const found = beginning(counts, begins);
  if (found.length === 0) return counts.counted ? 'none' : 'none seen';
  const functions = `${found.length} function${found.length === 1 ? '' : 's'}`;
  if (!counts.counted) return `${functions} or more`;
  const calls = found.reduce((sum, [, { all }]) => sum + all, 0);
  const softirq = found.reduce((sum, [, one]) => sum + one.softirq, 0);
  const where = softirq === 0 ? '' : `, ${softirq} in a softirq`;
  return `${functions}, ${calls} call${calls === 1 ? '' : 's'}${where}`;
}
