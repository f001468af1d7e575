/** Stamps of many lines become one running count of nanoseconds. */
import type { Prefix } from './prefix.ts';

/** Reads the stamps of a log in its order; undefined for a line without one. */
export type Clock = (prefix: Prefix) => bigint | undefined;

const dayNs = 86_400_000_000_000n;

/** A clock for one log: `-t` goes on past midnight, `-r` is summed up. */
export function createClock(): Clock {
  let days = 0n;
  let last = 0;
  let elapsed = 0n;
  return ({ clock, seconds, nanoseconds }) => {
    switch (clock) {
      case 'epoch':
        return BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds);
      case 'day':
        // Threads' lines may be out of order by a little; only half a day backwards is midnight.
        if (last - seconds > 43_200) days++;
        else if (seconds - last > 43_200 && days > 0n) {
          return (days - 1n) * dayNs + BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds);
        }
        last = seconds;
        return days * dayNs + BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds);
      case 'delta':
        elapsed += BigInt(nanoseconds);
        return elapsed;
      case undefined:
      default:
        return undefined;
    }
  };
}
