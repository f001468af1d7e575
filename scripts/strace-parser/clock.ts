/** Stamps of many lines become one running count of nanoseconds. */
import type { Prefix } from './prefix.ts';

/** Reads the stamps of one log in its order: `-t` goes on past midnight, `-r` is summed up. */
export interface Clock {
  /** Undefined for a line without a stamp. */
  read(prefix: Prefix): bigint | undefined;
  /** Of a row of the fast way: since the epoch, or since midnight. */
  readRow(startNs: bigint): bigint;
}

const dayNs = 86_400_000_000_000n;
const halfDayNs = dayNs / 2n;

export function createClock(): Clock {
  let days = 0n;
  let last = 0n;
  let elapsed = 0n;

  function pastMidnight(ns: bigint): bigint {
    // Threads' lines may be out of order by a little; only half a day backwards is midnight.
    if (last - ns > halfDayNs) days += dayNs;
    else if (ns - last > halfDayNs && days > 0n) return days - dayNs + ns;
    last = ns;
    return days + ns;
  }

  return {
    read({ clock, seconds, nanoseconds }) {
      switch (clock) {
        case 'epoch':
          return BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds);
        case 'day':
          return pastMidnight(BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds));
        case 'delta':
          elapsed += BigInt(nanoseconds);
          return elapsed;
        case undefined:
        default:
          return undefined;
      }
    },
    readRow: (startNs) => (startNs === 0n || startNs >= dayNs ? startNs : pastMidnight(startNs)),
  };
}
