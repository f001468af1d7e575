/** The end of a line of the fast way: duration, return and the border of the arguments, read backwards. */
import type { Columns } from './columns.ts';
import { numberAt } from './names.ts';

/** ` <unfinished ...>` in words of four bytes. */
const unfinished = [0x6e753c20, 0x696e6966, 0x64656873, 0x2e2e2e20] as const;

/** True if the line that ends at `end` ends so. Only strace writes that: `<` in a path is escaped, strings are closed. */
export function isUnfinished(view: DataView, end: number): boolean {
  return (
    end >= 17 &&
    view.getUint8(end - 2) === 46 &&
    view.getUint8(end - 1) === 62 &&
    view.getInt32(end - 17, true) === unfinished[0] &&
    view.getInt32(end - 13, true) === unfinished[1] &&
    view.getInt32(end - 9, true) === unfinished[2] &&
    view.getInt32(end - 5, true) === unfinished[3]
  );
}

/**
 * Fills the columns of the return of a line whose arguments begin at `argsFrom` and that ends at `end`. Returns where
 * the arguments end, or -1 where it is not certain.
 */
export function scanReturn(
  view: DataView,
  argsFrom: number,
  end: number,
  row: number,
  columns: Columns,
): number {
  let back = end - 1;
  let duration = Number.NaN;
  let b = view.getUint8(back);
  if (b === 62) {
    // The duration: `<0.000010>`, with three, six or nine digits behind the point.
    let place = back - 1;
    let digit = view.getUint8(place);
    while (digit >= 48 && digit <= 57) digit = view.getUint8(--place);
    if (digit === 46) {
      const digits = back - 1 - place;
      let spent = 0;
      for (let at = place + 1; at < back; at++) spent = (Math.imul(spent, 10) + view.getUint8(at) - 48) | 0;
      if (digits === 6) spent = Math.imul(spent, 1000);
      else if (digits === 3) spent = Math.imul(spent, 1_000_000);
      else if (digits !== 9) return -1;
      digit = view.getUint8(--place);
      let seconds = 0;
      let unit = 1;
      while (digit >= 48 && digit <= 57) {
        seconds += (digit - 48) * unit;
        unit *= 10;
        digit = view.getUint8(--place);
      }
      if (digit !== 60 || place <= argsFrom || view.getUint8(place - 1) !== 32) return -1;
      duration = seconds * 1e9 + spent;
      back = place - 2;
      b = view.getUint8(back);
    }
  }
  const valueTo = back + 1;
  const closer = b;
  let special = false;
  // Back to the ` = `.
  if (b === 41 || b === 62) {
    // `-1 ENOENT (No such file or directory)`, or `3</path>`: nothing with angles of its own is certain.
    let angles = 0;
    for (;;) {
      // The three characters from < to > stop this.
      while ((b - 60) >>> 0 > 2 && back > argsFrom) b = view.getUint8(--back);
      if (back <= argsFrom) return -1;
      if (b !== 61) angles++;
      else if (view.getUint8(back + 1) === 32 && view.getUint8(back - 1) === 32) break;
      b = view.getUint8(--back);
    }
    if (angles !== (closer === 62 ? 2 : 0)) return -1;
    special = true;
  } else {
    while (b > 32 && b !== 61 && back > argsFrom) b = view.getUint8(--back);
    if (b !== 32 || view.getUint8(--back) !== 61) return -1;
  }
  const valueFrom = back + 2;
  let close = back - 1;
  while (view.getUint8(close) === 32) close--;
  if (view.getUint8(close) !== 41 || close === back - 1 || close < argsFrom) return -1;

  let next = valueFrom;
  let value = 0;
  let digit = view.getUint8(next);
  if (digit === 48 && view.getUint8(next + 1) === 120) {
    next += 2;
    digit = view.getUint8(next);
    while ((digit >= 48 && digit <= 57) || (digit >= 97 && digit <= 102)) {
      value = value * 16 + (digit <= 57 ? digit - 48 : digit - 87);
      digit = view.getUint8(++next);
    }
    if (next === valueFrom + 2) return -1;
  } else if (digit === 63) {
    // A thread that dies within a call: `read(3,  <unfinished ...>) = ?`.
    if (++next !== valueTo || isUnfinished(view, close)) return -1;
    value = Number.NaN;
  } else {
    const negative = digit === 45;
    if (negative) digit = view.getUint8(++next);
    const digitsFrom = next;
    const base = digit === 48 ? 8 : 10;
    while (digit >= 48 && digit < 48 + base) {
      value = value * base + digit - 48;
      digit = view.getUint8(++next);
    }
    if (next === digitsFrom) return -1;
    if (negative) value = -value;
  }
  let error = 0;
  if (next < valueTo) {
    if (!special) return -1;
    digit = view.getUint8(next);
    if (digit === 60) {
      // A decoration, which closes at the end and has no other angle; the name of a UNIX socket may hold anything.
      if (closer !== 62 || view.getUint8(valueTo - 3) === 34) return -1;
    } else {
      if (closer !== 41 || digit !== 32) return -1;
      if (view.getUint8(next + 1) === 69 && value === -1) {
        const errnoFrom = ++next;
        digit = view.getUint8(next);
        while ((digit >= 65 && digit <= 90) || (digit >= 48 && digit <= 57)) digit = view.getUint8(++next);
        error = numberAt(columns.errnos, view, errnoFrom, next);
      }
      if (view.getUint8(next) !== 32 || view.getUint8(next + 1) !== 40) return -1;
    }
  } else if (special) return -1;
  columns.returnedStart[row] = valueFrom;
  columns.returnedEnd[row] = valueTo;
  columns.returned[row] = value;
  columns.errno[row] = error;
  columns.durationNs[row] = duration;
  return close;
}
