/**
 * The one class of this package: millions of calls share its getters, so that arguments and return are parsed when
 * they are first read. (An accessor in an object literal is made anew for every object.)
 */
import { parseArguments } from './arguments.ts';
import type { Call, Returned, StackFrame } from './event.ts';
import type { Place } from './place.ts';
import { readReturned } from './returned.ts';
import type { Value } from './value.ts';

/** Everything of a call that is known when its line, or its second half's, was read. */
export interface CallFacts {
  readonly name: string;
  readonly argsText: string;
  readonly state: Call['state'];
  /** Everything behind ` = `, without the duration. */
  readonly returnedText?: string | undefined;
  readonly durationNs?: number | undefined;
  /** Where the second half stands. */
  readonly second?: Place | undefined;
}

/** A call of the log. It grows only while the lines behind it are its frames and dumps. */
export class LoggedCall implements Call {
  readonly kind = 'call';
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly name: string;
  readonly argsText: string;
  readonly state: Call['state'];
  readonly #returnedText: string | undefined;
  #args: Value[] | undefined;
  #returned: Returned | undefined;
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

  constructor(place: Place, facts: CallFacts) {
    this.line = place.line;
    this.start = place.start;
    this.end = place.end;
    this.name = facts.name;
    this.argsText = facts.argsText;
    this.state = facts.state;
    this.#returnedText = facts.returnedText;
    const { second } = facts;
    const pid = place.pid ?? second?.pid;
    if (pid !== undefined) this.pid = pid;
    if (place.comm !== undefined) this.comm = place.comm;
    if (place.startNs !== undefined) this.startNs = place.startNs;
    if (place.syscallNumber !== undefined) this.syscallNumber = place.syscallNumber;
    if (place.instructionPointer !== undefined) this.instructionPointer = place.instructionPointer;
    if (facts.durationNs !== undefined) this.durationNs = facts.durationNs;
    if (second === undefined) return;
    this.resumedLine = second.line;
    if (second.startNs !== undefined) this.resumedNs = second.startNs;
    if (second.pid !== undefined && second.pid !== pid) this.resumedPid = second.pid;
  }

  get args(): readonly Value[] {
    return (this.#args ??= parseArguments(this.argsText));
  }

  get returned(): Returned | undefined {
    if (this.#returnedText === undefined) return undefined;
    return (this.#returned ??= readReturned(this.#returnedText));
  }
}
