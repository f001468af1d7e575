/**
 * tracefs, the kernel's tracer as files (Documentation/trace/ftrace.rst), of the machine on which the hosts are: this one
 * (tracefs-here.ts), or that of a Docker engine (docker-tracefs.ts).
 *
 * The lab makes instances: buffers, events and settings of its own, so that nobody else on the machine is disturbed.
 *
 * An instance is no process's: it outlives who made it. But the kernel does not remove one that somebody has open
 * (EBUSY), and a process that dies closes its files. So every lab that starts tries to remove every instance with
 * the lab's name: those of the living stay, those of the dead go. No lock, no process number, no race: who loses
 * its instance between making and opening it makes it again.
 */
import type { Obstacle } from './host.ts';

/** Where most machines mount it, and let only root in. */
export const usualTracefs = '/sys/kernel/tracing';

export const instancePrefix = 'echolab-';

export interface Tracefs {
  /** Which kernel's it is, as uname(1) says it. */
  readonly kernel: string;
  /** Makes an instance. @param name this lab's, without the prefix */
  open(name: string): Promise<Instance>;
  /** The machine's own tracer, which everybody on it shares: only for a machine that is the lab's alone. */
  readonly top?: () => Top;
  /** Removes the instances that killed labs have left; gives their names. */
  sweep(): Promise<readonly string[]>;
}

/** Disposing of it removes it. */
export interface Instance extends AsyncDisposable {
  /** Writes a setting; rejects with the kernel's word as `code` (`EPERM`, `EINVAL`). May wait for an RCU grace period. */
  set(file: string, value: string): Promise<void>;
  /** Adds to a list that a file holds. */
  add(file: string, value: string): Promise<void>;
  get(file: string): Promise<string>;
  /** The text of all files of that name in per_cpu/: each processor has a ring of its own. */
  perProcessor(file: string): Promise<string>;
  /** Writes a line of our own into the trace, between two readings of CLOCK_REALTIME there, in nanoseconds. */
  mark(text: string): Promise<{ before: bigint; after: bigint }>;
  /** The trace since it was asked last, or a good part of it: events may come faster than anybody reads. */
  drain(): Promise<string>;
}

export interface Top extends Instance {
  /** Leaves its settings as they are. */
  close(): void;
}

/** The user's word: no kernel recorder. */
export const switchedOff = (): Obstacle | undefined =>
  process.env['LAB_KERNEL'] === '0'
    ? {
        what: 'the kernel’s tracer is not used',
        why: 'LAB_KERNEL=0',
        mend: 'leave LAB_KERNEL away',
      }
    : undefined;
