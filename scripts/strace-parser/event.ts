/**
 * What a log of strace says, one value per thing that happened.
 *
 * Clocks: `startNs` is the stamp as printed, in nanoseconds (bigint: epoch nanoseconds do not fit a number).
 * With `-ttt` it counts from the epoch on CLOCK_REALTIME, with `-t`/`-tt` from midnight of the log's first day,
 * with `-r` from the first line. Durations are nanoseconds as printed by `-T`.
 */
import type { Target, Value } from './value.ts';

/** Where an event began, and what the prefix of that line says. */
export interface Place {
  /** 1-based number of the line the event began on. */
  readonly line: number;
  /** Byte offset of that line's first character, and of its end (without the newline). */
  readonly start: number;
  readonly end: number;
  /** Absent where the log carries no pids. */
  readonly pid?: number;
  /** Thread name with `-Y`. */
  readonly comm?: string;
  readonly startNs?: bigint;
  /** `-n`: the number of the call on its architecture. */
  readonly syscallNumber?: number;
  /** `-i`. */
  readonly instructionPointer?: bigint;
}

/** How a call came back. `value` is undefined where strace prints `?` or a thing that is not a number. */
export interface Returned {
  readonly value: number | bigint | undefined;
  /** Everything behind ` = `, without the duration, as printed. */
  readonly text: string;
  /** `ECONNREFUSED` with value -1; also `ERESTARTSYS` behind `?`. */
  readonly errno?: string;
  /** `= 4<TCP:[…]>`: a descriptor that the call made. */
  readonly target?: Target;
  readonly injected: boolean;
  readonly delayed: boolean;
}

export interface Call extends Place {
  readonly kind: 'call';
  readonly name: string;
  /** The text between the parentheses; halves of an interrupted call are joined. */
  readonly argsText: string;
  /** Parsed at first reading, then kept. */
  readonly args: readonly Value[];
  /**
   * `complete`: the log says how it returned. `unfinished`: the log or the thread ended first.
   * `resumed-only`: the log begins after the call did. `detached`: strace let go of the thread.
   */
  readonly state: 'complete' | 'unfinished' | 'resumed-only' | 'detached';
  readonly returned?: Returned | undefined;
  readonly durationNs?: number;
  /** Where the second half of an interrupted call stands, and its stamp. */
  readonly resumedLine?: number;
  readonly resumedNs?: bigint;
  /** The pid the second half carries, where it is another: execve of a thread goes on as the leader's. */
  readonly resumedPid?: number;
  /** `-k`: innermost frame first. */
  readonly stack?: readonly StackFrame[];
  /** `-e read=`, `-e write=`: the lines of the dump, as printed. */
  readonly dump?: readonly string[];
}

export interface StackFrame {
  readonly module: string;
  readonly symbol?: string;
  readonly offset?: number;
  readonly address?: bigint;
  readonly source?: string;
  readonly line: number;
}

export interface Signal extends Place {
  readonly kind: 'signal';
  /** `SIGTERM`. */
  readonly name: string;
  readonly info?: Value;
  /** `-k`: where the signal met the thread. */
  readonly stack?: readonly StackFrame[];
}
export interface Stopped extends Place {
  readonly kind: 'stopped';
  readonly name: string;
  /** `-k`: where the thread stopped. */
  readonly stack?: readonly StackFrame[];
}
export interface Exit extends Place {
  readonly kind: 'exit';
  readonly status: number;
}
export interface Killed extends Place {
  readonly kind: 'killed';
  readonly signal: string;
  readonly coreDumped: boolean;
}
export interface Superseded extends Place {
  readonly kind: 'superseded';
  readonly byPid: number;
}
/** A line of strace itself (`strace: Process 12 attached`), a personality notice, a table of `-c`, a tip of `--tips`. */
export interface Diagnostic extends Place {
  readonly kind: 'diagnostic';
  readonly text: string;
  readonly about: 'strace' | 'personality' | 'table' | 'tip';
  /** Of a table of `-c` or `-C`: one record per line, keyed by the column's heading. */
  readonly rows?: readonly Readonly<Record<string, string>>[];
}
/** A line this package could not read. It is counted and shown, never dropped. */
export interface Problem extends Place {
  readonly kind: 'problem';
  readonly text: string;
  readonly why: string;
}

export type StraceEvent = Call | Signal | Stopped | Exit | Killed | Superseded | Diagnostic | Problem;
