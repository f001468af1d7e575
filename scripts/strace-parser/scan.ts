/**
 * The fast way through a log: whole lines of bytes become rows of columns, without a string being made.
 *
 * It takes apart the lines that are nearly all of a log (`4711  1790000000.123456 read(3, …) = 5 <0.000010>`, with or
 * without pid, stamp and duration, and both halves of interrupted calls) and only where it is certain; any other line
 * becomes a row of kind `other`, to be read by line.ts. That both say the same is a test over all recorded logs.
 *
 * All state lives in locals of one function: with module-level variables the same loop was seven times slower.
 */
import type { Columns } from './columns.ts';
import { numberAt } from './names.ts';
import { isUnfinished, scanReturn } from './scan-return.ts';
import { timeOfDay } from './scan-stamp.ts';

/** ` resumed>` */
const resumed = [0x73657220, 0x64656d75] as const;
/** Lines that begin closer to the end of the buffer are left to the slow way: words are read ahead. */
const reach = 64;

/**
 * Fills `columns` with the lines of `bytes` from `from` on, until they are full or no whole line is left.
 * Returns the place behind the last line taken.
 */
export function scan(bytes: Uint8Array, from: number, columns: Columns): number {
  const { kind, pid, name, lineStart, lineEnd, argsStart, argsEnd, returnedStart, returnedEnd } = columns;
  const { returned, errno, durationNs, startNs, names, capacity } = columns;
  // Words may reach beyond the last line, as far as the buffer goes; what is behind a newline decides nothing.
  const readable = Math.min(bytes.byteLength + reach, bytes.buffer.byteLength - bytes.byteOffset);
  const view = new DataView(bytes.buffer, bytes.byteOffset, readable);
  // Stamps are 64-bit sums of two halves: a bigint for every line would cost more than all the rest.
  const stamp = new Int32Array(startNs.buffer, startNs.byteOffset, 2 * capacity);
  const low = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 0 : 1;
  const high = 1 - low;
  let secondA = 0;
  let secondB = 0;
  let secondC = 0;
  let secondLow = 0;
  let secondHigh = 0;
  // Behind the last newline nothing is read: it stops every loop below, so none of them looks at the length.
  const size = bytes.lastIndexOf(10) + 1;
  const safe = readable - reach;

  let at = from;
  let row = 0;
  for (; row < capacity && at < size; row++) {
    const start = at;
    let rowKind = start <= safe ? 1 : 0;
    let thread = 0;
    let stampLow = 0;
    let stampHigh = 0;
    let argsFrom = 0;
    let nameFrom = 0;
    let nameTo = 0;
    let c = view.getUint8(at);
    if (rowKind !== 0) {
      // The pid, and blanks.
      while (c >= 48 && c <= 57) {
        thread = (Math.imul(thread, 10) + c - 48) | 0;
        c = view.getUint8(++at);
      }
      if (at > start) {
        if (c === 46 || (c === 58 && at - start === 2)) {
          thread = 0;
          at = start;
        } else if (c !== 32 || thread > 4_194_304 || at - start > 7) rowKind = 0;
        while (c === 32) c = view.getUint8(++at);
      }
      // The time of day, or seconds since the epoch (ten digits; nearly always those of the line before), and six digits of microseconds.
      c = view.getUint8(at);
      if (c >= 48 && c <= 57 && view.getUint8(at + 2) === 58 && rowKind !== 0) {
        const sinceMidnight = timeOfDay(view, at);
        // Midnight itself would be no stamp.
        if (sinceMidnight <= 0) rowKind = 0;
        else {
          stampHigh = Math.floor(sinceMidnight / 0x1_0000_0000);
          stampLow = (sinceMidnight % 0x1_0000_0000) | 0;
          at += 8;
          while (view.getUint8(at) !== 32) at++;
          c = view.getUint8(++at);
        }
      } else if (c >= 48 && c <= 57 && rowKind !== 0) {
        const a = view.getInt32(at, true);
        const b = view.getInt32(at + 4, true);
        const d = view.getInt16(at + 8, true);
        if (a !== secondA || b !== secondB || d !== secondC) {
          let seconds = 0;
          for (let n = 0; n < 10; n++) {
            const digit = view.getUint8(at + n) - 48;
            if (digit < 0 || digit > 9) rowKind = 0;
            seconds = seconds * 10 + digit;
          }
          // A small number of seconds would be taken for a time of day.
          if (seconds < 1_000_000_000) rowKind = 0;
          if (rowKind !== 0) {
            secondA = a;
            secondB = b;
            secondC = d;
            const wide = BigInt(seconds) * 1_000_000_000n;
            secondLow = Number(wide & 0xffff_ffffn) | 0;
            secondHigh = Number((wide >> 32n) & 0xffff_ffffn) | 0;
          }
        }
        const micros = view.getInt32(at + 11, true) ^ 0x30303030;
        const tens = view.getUint8(at + 15) - 48;
        const ones = view.getUint8(at + 16) - 48;
        if (bytes[at + 10] !== 46 || (((micros + 0x06060606) | micros) & 0xf0f0f0f0) !== 0) rowKind = 0;
        if (tens < 0 || tens > 9 || ones < 0 || ones > 9) rowKind = 0;
        const pairs = (Math.imul(micros, 10) + (micros >>> 8)) & 0x00ff00ff;
        let nanoseconds =
          Math.imul((pairs & 0xff) * 100 + (pairs >>> 16), 100_000) + Math.imul(tens, 10_000) + ones * 1000;
        at += 17;
        c = view.getUint8(at);
        if (c !== 32) {
          // Nine digits, of precision:ns.
          for (let n = 0; n < 3; n++) {
            c = view.getUint8(at + n) - 48;
            if (c < 0 || c > 9) rowKind = 0;
            nanoseconds += Math.imul(c, n === 0 ? 100 : n === 1 ? 10 : 1);
          }
          at += 3;
          if (bytes[at] !== 32) rowKind = 0;
        }
        stampLow = (secondLow + nanoseconds) | 0;
        stampHigh = secondHigh;
        if (stampLow >>> 0 < nanoseconds) stampHigh = (stampHigh + 1) | 0;
        c = view.getUint8(++at);
      }
      // The name: `read(`, or `<... read resumed>`.
      let closer = 40;
      if (c === 60) {
        rowKind = rowKind !== 0 && view.getInt32(at + 1, true) === 0x202e2e2e ? 3 : 0;
        at += 5;
        closer = 32;
      }
      nameFrom = at;
      while ((c = view.getUint8(at)) !== closer && c > 32) at++;
      nameTo = at;
      if (c !== closer || nameTo - nameFrom < 2 || nameTo > safe) rowKind = 0;
      else if (rowKind === 3) {
        if (view.getInt32(at, true) !== resumed[0] || view.getInt32(at + 4, true) !== resumed[1]) rowKind = 0;
        if (bytes[at + 8] !== 62) rowKind = 0;
        argsFrom = at + 9;
      } else argsFrom = at + 1;
    }

    // The end of the line, eight bytes at a time.
    let end = rowKind === 0 ? start : at;
    while (end < safe) {
      const x = view.getInt32(end, true) ^ 0x0a0a0a0a;
      const y = view.getInt32(end + 4, true) ^ 0x0a0a0a0a;
      if (((((x - 0x01010101) & ~x) | ((y - 0x01010101) & ~y)) & 0x80808080) !== 0) break;
      end += 8;
    }
    while (bytes[end] !== 10) end++;
    at = end + 1;
    lineStart[row] = start;
    lineEnd[row] = end;
    let argsTo = 0;

    if (rowKind === 1 || rowKind === 3) {
      if (isUnfinished(view, end)) {
        argsTo = end - 17;
        rowKind = rowKind === 3 || argsTo < argsFrom ? 0 : 2;
        returnedStart[row] = 0;
        returnedEnd[row] = 0;
        returned[row] = Number.NaN;
        errno[row] = 0;
        durationNs[row] = Number.NaN;
      } else {
        argsTo = scanReturn(view, argsFrom, end, row, columns);
        if (argsTo === -1) rowKind = 0;
      }
    }
    kind[row] = rowKind;
    if (rowKind === 0) continue;
    name[row] = numberAt(names, view, nameFrom, nameTo);
    pid[row] = thread;
    stamp[2 * row + low] = stampLow;
    stamp[2 * row + high] = stampHigh;
    argsStart[row] = argsFrom;
    argsEnd[row] = argsTo;
  }
  columns.length = row;
  columns.bytes = bytes;
  return at;
}
