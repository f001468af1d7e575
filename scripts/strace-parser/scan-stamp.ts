/** The stamp of `-t` and `-tt` on a line of the fast way. */

/** Digits and colons of `10:20:30`. */
const shape = [48, 48, 58, 48, 48, 58, 48, 48] as const;

/**
 * Nanoseconds since midnight of the time at `at`, with no, three, six or nine digits behind the point and a blank behind
 * those; -1 where it is none. Leap seconds are none: what is below 86,400 s is known by that as a time of day.
 */
export function timeOfDay(view: DataView, at: number): number {
  let clock = 0;
  for (let n = 0; n < 8; n++) {
    const digit = view.getUint8(at + n) - (shape[n] ?? 0);
    if (shape[n] === 58) {
      if (digit !== 0) return -1;
    } else {
      if (digit < 0 || digit > 9) return -1;
      clock = clock * 10 + digit;
    }
  }
  const seconds = clock % 100;
  const minutes = Math.floor(clock / 100) % 100;
  const hours = Math.floor(clock / 10_000);
  if (seconds > 59 || minutes > 59 || hours > 23) return -1;
  let nanoseconds = 0;
  let end = at + 8;
  if (view.getUint8(end) === 46) {
    let unit = 100_000_000;
    let digit = view.getUint8(++end) - 48;
    for (; digit >= 0 && digit <= 9; digit = view.getUint8(++end) - 48) {
      nanoseconds += digit * unit;
      unit /= 10;
    }
    const digits = end - at - 9;
    if (digits !== 3 && digits !== 6 && digits !== 9) return -1;
  }
  return view.getUint8(end) === 32 ? (hours * 3600 + minutes * 60 + seconds) * 1e9 + nanoseconds : -1;
}
