/**
 * The one class of this package: millions of calls share its getters, so that arguments and return are parsed when
 * they are first read. (An accessor in an object literal is made anew for every object.)
 */
import { parseArguments } from './arguments.ts';
import type { Call, Returned, StackFrame } from './event.ts';
import type { Place } from './place.ts';
import { readReturned } from './returned.ts';
import type { Value } from './value.ts';

/** Where in `text` the arguments and the return stand. A call keeps `text`, which may be a larger piece of the log. */
export interface Source {
  readonly text: string;
  readonly argsStart: number;
  readonly argsEnd: number;
  /** Both 0 where the log does not say how the call returned. */
  readonly returnedStart: number;
  readonly returnedEnd: number;
}

/** A call of the log. It grows only while the lines behind it are its frames and dumps. */
export class LoggedCall implements Call {
  readonly kind = 'call';
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly name: string;
  readonly state: Call['state'];
  // Absent, not undefined, where the log does not tell: hence the assignments below.
  declare readonly pid?: number;
  declare readonly comm?: string;
  declare readonly startNs?: bigint;
  declare readonly syscallNumber?: number;
  declare readonly instructionPointer?: bigint;
  declare readonly durationNs?: number;
  declare readonly resumedLine?: number;
  declare readonly resumedNs?: bigint;
  declare readonly resumedPid?: number;
  declare stack?: StackFrame[];
  declare dump?: string[];
  readonly #source: Source;
  #args: Value[] | undefined;
  #returned: Returned | undefined;

  /** `durationNs` is NaN where the log has none; `second` is where the second half stands. */
  constructor(
    place: Place,
    name: string,
    state: Call['state'],
    source: Source,
    durationNs: number,
    second?: Place,
  ) {
    this.line = place.line;
    this.start = place.start;
    this.end = place.end;
    this.name = name;
    this.state = state;
    this.#source = source;
    const pid = place.pid ?? second?.pid;
    if (pid !== undefined) this.pid = pid;
    if (place.startNs !== undefined) this.startNs = place.startNs;
    if (!Number.isNaN(durationNs)) this.durationNs = durationNs;
    if (place.comm !== undefined) this.comm = place.comm;
    if (place.syscallNumber !== undefined) this.syscallNumber = place.syscallNumber;
    if (place.instructionPointer !== undefined) this.instructionPointer = place.instructionPointer;
    if (second === undefined) return;
    this.resumedLine = second.line;
    if (second.startNs !== undefined) this.resumedNs = second.startNs;
    if (second.pid !== undefined && second.pid !== pid) this.resumedPid = second.pid;
  }

  get argsText(): string {
    return this.#source.text.slice(this.#source.argsStart, this.#source.argsEnd);
  }

  get args(): readonly Value[] {
    return (this.#args ??= parseArguments(this.argsText));
  }

  get returned(): Returned | undefined {
    const { text, returnedStart, returnedEnd } = this.#source;
    if (returnedEnd === 0) return undefined;
    return (this.#returned ??= readReturned(text.slice(returnedStart, returnedEnd)));
  }
}
