/**
 * Calls are of a class because millions of them share its getters, so that arguments and return are parsed when they
 * are first read. (An accessor in an object literal is made anew for every object.)
 */
import { parseArguments } from './arguments.ts';
import type { Call, Place, Returned, StackFrame } from './event.ts';
import { pieceOfText, textOf, type Piece } from './piece.ts';
import { readReturned } from './returned.ts';
import type { Value } from './value.ts';

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
  declare startNs?: bigint;
  declare readonly durationNs?: number;
  declare comm?: string;
  declare syscallNumber?: number;
  declare instructionPointer?: bigint;
  declare resumedLine?: number;
  declare resumedNs?: bigint;
  declare resumedPid?: number;
  declare stack?: StackFrame[];
  declare dump?: string[];
  readonly #piece: Piece;
  readonly #argsStart: number;
  readonly #argsEnd: number;
  readonly #returnedStart: number;
  readonly #returnedEnd: number;
  #args: Value[] | undefined;
  #returned: Returned | undefined;

  /**
   * `startNs` is 0 and `durationNs` NaN where the log has none. The places are in the text of `piece`, those of the
   * return both 0 where the log does not say how the call returned.
   */
  constructor(
    line: number,
    start: number,
    end: number,
    pid: number | undefined,
    startNs: bigint,
    name: string,
    state: Call['state'],
    durationNs: number,
    piece: Piece,
    argsStart: number,
    argsEnd: number,
    returnedStart: number,
    returnedEnd: number,
  ) {
    this.line = line;
    this.start = start;
    this.end = end;
    this.name = name;
    this.state = state;
    this.#piece = piece;
    this.#argsStart = argsStart;
    this.#argsEnd = argsEnd;
    this.#returnedStart = returnedStart;
    this.#returnedEnd = returnedEnd;
    if (pid !== undefined) this.pid = pid;
    if (startNs !== 0n) this.startNs = startNs;
    if (durationNs === durationNs) this.durationNs = durationNs; // eslint-disable-line no-self-compare -- NaN, inlined
  }

  get argsText(): string {
    return textOf(this.#piece).slice(this.#argsStart, this.#argsEnd);
  }

  get args(): readonly Value[] {
    return (this.#args ??= parseArguments(this.argsText));
  }

  get returned(): Returned | undefined {
    if (this.#returnedEnd === 0) return undefined;
    return (this.#returned ??= readReturned(
      textOf(this.#piece).slice(this.#returnedStart, this.#returnedEnd),
    ));
  }
}

/** A call that was read as text: its halves may stand on two lines, and its prefix may say more than most. */
export function callOf(
  place: Place,
  name: string,
  state: Call['state'],
  head: string,
  returned: string | undefined,
  durationNs: number | undefined,
  second: Place | undefined,
): LoggedCall {
  const { line, start, end, comm, syscallNumber, instructionPointer } = place;
  const returnedStart = returned === undefined ? 0 : head.length;
  const returnedEnd = returned === undefined ? 0 : head.length + returned.length;
  const call = new LoggedCall(
    line,
    start,
    end,
    place.pid ?? second?.pid,
    0n,
    name,
    state,
    durationNs ?? Number.NaN,
    pieceOfText(head + (returned ?? '')),
    0,
    head.length,
    returnedStart,
    returnedEnd,
  );
  if (place.startNs !== undefined) call.startNs = place.startNs;
  if (comm !== undefined) call.comm = comm;
  if (syscallNumber !== undefined) call.syscallNumber = syscallNumber;
  if (instructionPointer !== undefined) call.instructionPointer = instructionPointer;
  if (second === undefined) return call;
  call.resumedLine = second.line;
  if (second.startNs !== undefined) call.resumedNs = second.startNs;
  if (second.pid !== undefined && second.pid !== call.pid) call.resumedPid = second.pid;
  return call;
}
