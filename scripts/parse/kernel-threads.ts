/**
 * The tracer counts threads in the machine's numbers, strace in those of its process namespace. A fork says the machine's
 * number of the child, and the call that made it returns the child's number as the parent sees it: the two
 * together name every thread, from the program's first process on.
 */
import type { Said } from './kernel-fields.ts';

export interface Thread {
  readonly host: string;
  readonly pid: number;
}

const makers = /^sys_exit_(?:clone3?|v?fork)$/;

/** @returns threads by the machine's numbers */
export function nameThreads(
  programs: readonly { readonly host: string; readonly machine: number; readonly pid: number }[],
  said: readonly (Said & { readonly block: { readonly pid: number } })[],
): Map<number, Thread> {
  const threads = new Map(programs.map(({ host, machine, pid }) => [machine, { host, pid }]));
  const born = new Map<number, number>();
  for (const { block, name, fields } of said) {
    if (name === 'sched_process_fork') born.set(block.pid, Number(fields['child_pid']));
    const child = born.get(block.pid);
    const pid = Number(fields['ret']);
    if (!makers.test(name) || child === undefined || !(pid > 0)) continue;
    born.delete(block.pid);
    const parent = threads.get(block.pid);
    if (parent !== undefined) threads.set(child, { host: parent.host, pid });
  }
  return threads;
}
