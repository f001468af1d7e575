/**
 * What stands before the thing that happened: `[pid  4711<node>] 10:20:30.123456 (+     0.000123) [  42] [00007f0011223344] `.
 *
 * strace prints, in this order and each by an option of its own (strace.c, printleader()): the pid (-f), with the
 * thread's name (-Y); the time of day or since the epoch (-t, -tt, -ttt); the time since the last line (-r); the
 * number of the call (-n); the instruction pointer (-i). Lines of one log may differ, so each line is read by itself.
 */
export interface Prefix {
  /** Length in characters; the event proper begins here. */
  readonly length: number;
  readonly pid: number | undefined;
  readonly comm: string | undefined;
  /** `day`: since midnight; `epoch`: since 1970; `delta`: since the line before. */
  readonly clock: 'day' | 'epoch' | 'delta' | undefined;
  readonly seconds: number;
  readonly nanoseconds: number;
  /** Seconds and nanoseconds of `-r`, also where the line has another clock as well. */
  readonly deltaNs: number | undefined;
  readonly syscallNumber: number | undefined;
  readonly instructionPointer: bigint | undefined;
}

const leader = new RegExp(
  [
    /(?:\[pid +(?<bracketPid>\d+)(?:<(?<bracketComm>[^<>]*)>)?(?: \/\* [^*]*\*\/)?\] |(?<pid> *\d+)(?:<(?<comm>[^<>]*)>)?(?: \/\* [^*]*\*\/)?(?: +(?!=)))?/,
    /(?:(?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d)(?:\.(?<dayFraction>\d{1,9}))? |(?<epoch>\d{9,12})(?:\.(?<epochFraction>\d{1,9}))? )?/,
    /(?:\(\+ *(?<delta>\d+)(?:\.(?<deltaFraction>\d{1,9}))?\) | *(?<onlyDelta>\d+)(?:\.(?<onlyDeltaFraction>\d{1,9}))? )?/,
    /(?:\[ *(?<number>\d{1,7}|\?{1,7})\] )?/,
    /(?:\[(?<pointer>[0-9a-f]{16}|[0-9a-f]{8}|\?{8}|\?{16})\] )?/,
  ]
    .map((part) => part.source)
    .join(''),
  'y',
);

/** PID_MAX_LIMIT of include/linux/threads.h: a larger number in the pid's place is a time of `-ttt` in whole seconds. */
const largestPid = 4_194_304;

/** Reads the prefix of one line. Never fails: a line without one has a prefix of length 0. */
export function readPrefix(line: string): Prefix {
  leader.lastIndex = 0;
  const found = leader.exec(line);
  const groups = found?.groups ?? {};
  const part = (name: string): string | undefined => groups[name];
  let pid = part('bracketPid') ?? part('pid');
  let epoch = part('epoch');
  let onlyDelta = part('onlyDelta');
  // A lone number can be a pid, whole seconds of -ttt, or whole seconds of -r (which is padded with blanks).
  if (pid !== undefined && part('bracketPid') === undefined) {
    if (Number(pid) > largestPid && epoch === undefined) {
      epoch = pid;
      pid = undefined;
    } else if (pid.startsWith('     ') && onlyDelta === undefined) {
      onlyDelta = pid;
      pid = undefined;
    }
  }
  const hour = part('hour');
  const delta = part('delta') ?? onlyDelta;
  const deltaNs =
    delta === undefined
      ? undefined
      : Number(delta) * 1e9 + fraction(part('deltaFraction') ?? part('onlyDeltaFraction'));
  const pointer = part('pointer');
  const number = part('number');
  const base = {
    length: found?.[0].length ?? 0,
    pid: pid === undefined ? undefined : Number(pid),
    comm: part('bracketComm') ?? part('comm'),
    deltaNs,
    syscallNumber: number === undefined || number.startsWith('?') ? undefined : Number(number),
    instructionPointer: pointer === undefined || pointer.startsWith('?') ? undefined : BigInt(`0x${pointer}`),
  };
  if (hour !== undefined) {
    const seconds = Number(hour) * 3600 + Number(part('minute')) * 60 + Number(part('second'));
    return { ...base, clock: 'day', seconds, nanoseconds: fraction(part('dayFraction')) };
  }
  if (epoch !== undefined) {
    return { ...base, clock: 'epoch', seconds: Number(epoch), nanoseconds: fraction(part('epochFraction')) };
  }
  if (deltaNs !== undefined) return { ...base, clock: 'delta', seconds: 0, nanoseconds: deltaNs };
  return { ...base, clock: undefined, seconds: 0, nanoseconds: 0 };
}

/** `123456` behind the point is 123456000 ns, whatever the precision. */
export function fraction(digits: string | undefined): number {
  return digits === undefined ? 0 : Number(digits.padEnd(9, '0'));
}
