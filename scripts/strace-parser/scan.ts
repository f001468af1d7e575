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

/** The bytes of ` <unfinished ...>` in words: a call's line ends so only if strace says it, `<` in a path is escaped. */
const unfinished = [0x6e753c20, 0x696e6966, 0x64656873, 0x2e2e2e20] as const;
/** ` resumed>` */
const resumed = [0x73657220, 0x64656d75] as const;
/** Lines that begin closer to the end of the bytes are left to the slow way: words are read ahead. */
const reach = 64;

/**
 * Fills `columns` with the lines of `bytes` from `from` on, until they are full or no whole line is left.
 * Returns the place behind the last line taken.
 */
export function scan(bytes: Uint8Array, from: number, columns: Columns): number {
  const { kind, pid, name, lineStart, lineEnd, argsStart, argsEnd, returnedStart, returnedEnd } = columns;
  const { returned, errno, durationNs, startNs, names, errnos, capacity } = columns;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
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
  const safe = bytes.length - reach;

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
        if (c === 46) {
          thread = 0;
          at = start;
        } else if (c !== 32 || thread > 4_194_304 || at - start > 7) rowKind = 0;
        while (c === 32) c = view.getUint8(++at);
      }
      // Seconds since the epoch (ten digits; nearly always those of the line before), and six digits of microseconds.
      c = view.getUint8(at);
      if (c >= 48 && c <= 57 && rowKind !== 0) {
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

    // The end of the line, four bytes at a time.
    let end = rowKind === 0 ? start : at;
    if (end < safe) {
      let x = view.getInt32(end, true) ^ 0x0a0a0a0a;
      while (((x - 0x01010101) & ~x & 0x80808080) === 0) {
        end += 4;
        if (end > safe) break;
        x = view.getInt32(end, true) ^ 0x0a0a0a0a;
      }
    }
    while (bytes[end] !== 10) end++;
    at = end + 1;
    lineStart[row] = start;
    lineEnd[row] = end;

    let duration = Number.NaN;
    let value = Number.NaN;
    let error = 0;
    let argsTo = 0;
    let valueFrom = 0;
    let valueTo = 0;
    if (rowKind !== 0) {
      let back = end - 1;
      if (bytes[back] === 62 && bytes[back - 1] === 46) {
        argsTo = end - 17;
        if (
          rowKind === 3 ||
          argsTo < argsFrom ||
          view.getInt32(argsTo, true) !== unfinished[0] ||
          view.getInt32(argsTo + 4, true) !== unfinished[1] ||
          view.getInt32(argsTo + 8, true) !== unfinished[2] ||
          view.getInt32(argsTo + 12, true) !== unfinished[3]
        ) {
          rowKind = 0;
        } else rowKind = 2;
      } else {
        // The duration: `<0.000010>`, with three to nine digits behind the point.
        if (bytes[back] === 62) {
          let place = back - 1;
          let digit = view.getUint8(place);
          let spent = 0;
          let unit = 1;
          while (digit >= 48 && digit <= 57) {
            spent += (digit - 48) * unit;
            unit *= 10;
            digit = view.getUint8(--place);
          }
          const digits = back - 1 - place;
          if (digit === 46 && (digits === 6 || digits === 9 || digits === 3)) {
            digit = view.getUint8(--place);
            while (digit >= 48 && digit <= 57) {
              spent += (digit - 48) * unit;
              unit *= 10;
              digit = view.getUint8(--place);
            }
            if (digit === 60 && bytes[place - 1] === 32 && place > argsFrom) {
              duration = digits === 6 ? spent * 1000 : digits === 9 ? spent : spent * 1_000_000;
              back = place - 2;
            }
          }
        }
        // The return, from its end back to ` = `.
        valueTo = back + 1;
        let b = view.getUint8(back);
        const closer = b;
        if (b === 41 || b === 62) {
          // `-1 ENOENT (No such file or directory)` or `3</path>`: nothing with angles of its own is certain.
          let angles = 0;
          while (back > argsFrom && (b !== 61 || bytes[back + 1] !== 32 || bytes[back - 1] !== 32)) {
            if (b === 60 || b === 62) angles++;
            b = view.getUint8(--back);
          }
          if (b !== 61 || angles !== (closer === 62 ? 2 : 0)) rowKind = 0;
        } else {
          while (back > argsFrom && b > 32 && b !== 61) b = view.getUint8(--back);
          if (b !== 32 || bytes[--back] !== 61) rowKind = 0;
        }
        // `back` stands on the `=`.
        valueFrom = back + 2;
        let close = back - 1;
        while (bytes[close] === 32) close--;
        if (bytes[close] !== 41 || close === back - 1 || close < argsFrom) rowKind = 0;
        argsTo = close;
        if (rowKind !== 0) {
          let next = valueFrom;
          let digit = view.getUint8(next);
          if (digit === 48 && bytes[next + 1] === 120) {
            next += 2;
            let wide = 0;
            digit = view.getUint8(next);
            while ((digit >= 48 && digit <= 57) || (digit >= 97 && digit <= 102)) {
              wide = wide * 16 + (digit <= 57 ? digit - 48 : digit - 87);
              digit = view.getUint8(++next);
            }
            value = wide;
            if (next === valueFrom + 2) rowKind = 0;
          } else if (digit === 63) {
            next++;
            if (next !== valueTo) rowKind = 0;
          } else {
            const negative = digit === 45;
            if (negative) digit = view.getUint8(++next);
            const digits = next;
            const base = digit === 48 ? 8 : 10;
            let wide = 0;
            while (digit >= 48 && digit < 48 + base) {
              wide = wide * base + digit - 48;
              digit = view.getUint8(++next);
            }
            value = negative ? -wide : wide;
            if (next === digits) rowKind = 0;
          }
          if (next < valueTo) {
            digit = view.getUint8(next);
            if (digit === 32 && bytes[next + 1] === 69 && value === -1 && closer === 41) {
              const errnoFrom = ++next;
              digit = view.getUint8(next);
              while ((digit >= 65 && digit <= 90) || (digit >= 48 && digit <= 57))
                digit = view.getUint8(++next);
              if (digit !== 32 || bytes[next + 1] !== 40) rowKind = 0;
              else if (rowKind !== 0 && next < safe) error = numberAt(errnos, view, errnoFrom, next);
              else rowKind = 0;
            } else if (digit === 60 ? closer !== 62 : digit !== 32 || bytes[next + 1] !== 40 || closer !== 41)
              rowKind = 0;
          }
        }
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
    returnedStart[row] = rowKind === 2 ? 0 : valueFrom;
    returnedEnd[row] = rowKind === 2 ? 0 : valueTo;
    returned[row] = value;
    errno[row] = error;
    durationNs[row] = duration;
  }
  columns.length = row;
  columns.bytes = bytes;
  return at;
}
