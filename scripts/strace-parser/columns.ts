/**
 * Lines of a log as columns: typed arrays with one element per line, for work on millions of calls.
 *
 * The halves of an interrupted call are rows of their own (`unfinished`, `resumed`), as in the log. Places are byte
 * offsets into `bytes`; names and errnos are numbers of `names` and `errnos`, which only grow and may be shared by
 * many batches.
 */
import { createNames, type Names } from './names.ts';

/** What stands on a line. `other` is any line that the columns do not take apart: signals, exits, odd forms. */
export const rowKind = { other: 0, call: 1, unfinished: 2, resumed: 3 } as const;

export interface Columns {
  /** How many rows are filled. */
  length: number;
  /** The bytes that the places below refer to. */
  bytes: Uint8Array;
  /** Offset of `bytes[0]` in the whole log. */
  offset: number;
  readonly capacity: number;
  readonly names: Names;
  readonly errnos: Names;
  /** A value of `rowKind`. */
  readonly kind: Uint8Array;
  /** 0 where the line has none. */
  readonly pid: Uint32Array;
  /** Nanoseconds since the epoch (`-ttt`) or since the last midnight (`-t`, `-tt`); 0 where the line has no such stamp. */
  readonly startNs: BigInt64Array;
  /** Number of the call's name in `names`. */
  readonly name: Uint16Array;
  readonly lineStart: Uint32Array;
  readonly lineEnd: Uint32Array;
  /** Between the parentheses; of a half, its part of them. */
  readonly argsStart: Uint32Array;
  readonly argsEnd: Uint32Array;
  /** Everything behind ` = ` without the duration; both 0 where the line does not say. */
  readonly returnedStart: Uint32Array;
  readonly returnedEnd: Uint32Array;
  /** NaN for `?` and where the line does not say; beyond 2^53 the nearest double (the text is exact). */
  readonly returned: Float64Array;
  /** Number in `errnos`; 0 is none. */
  readonly errno: Uint16Array;
  /** `-T`, in nanoseconds; NaN without. */
  readonly durationNs: Float64Array;
}

/** Columns for so many rows, to be filled again and again. */
export function createColumns(capacity = 8192, names = createNames(), errnos = createNames()): Columns {
  return {
    length: 0,
    bytes: new Uint8Array(0),
    offset: 0,
    capacity,
    names,
    errnos,
    kind: new Uint8Array(capacity),
    pid: new Uint32Array(capacity),
    startNs: new BigInt64Array(capacity),
    name: new Uint16Array(capacity),
    lineStart: new Uint32Array(capacity),
    lineEnd: new Uint32Array(capacity),
    argsStart: new Uint32Array(capacity),
    argsEnd: new Uint32Array(capacity),
    returnedStart: new Uint32Array(capacity),
    returnedEnd: new Uint32Array(capacity),
    returned: new Float64Array(capacity),
    errno: new Uint16Array(capacity),
    durationNs: new Float64Array(capacity),
  };
}
