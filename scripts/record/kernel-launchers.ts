/**
 * How the lab finds the machine's number of a process that will start programs: the process gives itself a name
 * (proc_pid_comm(5)), and the tracer tells on whose thread that happened. It needs no right and no file of the tracer's for it, so that
 * it can do it in a container, too.
 */
import type { Block } from '../parse/kernel-blocks.ts';

/** A name has 15 characters: a sign, eight of the id, and in hexadecimal a number up to 4,194,304 (pid_max). */
const sign = '@';

/** What the process does, in sh(1). @param id eight hexadecimal digits */
export const sayName = (id: string): string => `printf '${sign}%s%x' ${id} $$ >/proc/$$/comm`;

export const renaming = { event: 'task/task_rename', filter: `newcomm ~ "${sign}*"` };

export interface Launcher {
  readonly id: string;
  /** The machine's number, and the one it has where it runs. */
  readonly pid: number;
  readonly inside: number;
}

const form = new RegExp(`^task_rename: .*\\bnewcomm=${sign}([0-9a-f]{8})([0-9a-f]{1,6}) `);

/** Undefined: the event tells of something else. */
export function readLauncher({ text, pid }: Block): Launcher | undefined {
  const [, id, inside] = form.exec(text) ?? [];
  return id === undefined ? undefined : { id, pid, inside: Number.parseInt(inside ?? '', 16) };
}
