/**
 * The lab's own clock: CLOCK_REALTIME in nanoseconds, the clock that strace and tcpdump stamp with. It stamps what
 * programs print and brackets the markers in the kernel's log and tracer.
 *
 * Node gives milliseconds of it, and a monotonic clock in nanoseconds. The time origin between them is no help: it is
 * read in two steps when the process starts, and on a busy machine that was 300 µs wrong. So the monotonic clock is
 * read where a millisecond begins.
 */
let originNs: bigint | undefined;

export function nowNs(): bigint {
  originNs ??= findOrigin();
  return originNs + monotonicNs();
}

const monotonicNs = () => BigInt(Math.round(performance.now() * 1e6));

/** A millisecond whose beginning is known so well is good enough; else the best of some. */
const wellKnownNs = 1_000n;
const mostTries = 10;

/** CLOCK_REALTIME where the monotonic clock is 0. Waits for the beginning of the next millisecond, or of the tenth. */
function findOrigin(): bigint {
  let best = { widthNs: 1n << 62n, originNs: 0n };
  for (let n = 0; n < mostTries && best.widthNs > wellKnownNs; n += 1) {
    const { from, until, atMs } = nextMillisecond(monotonicNs);
    const widthNs = until - from;
    const originNs = BigInt(atMs) * 1_000_000n - (from + until) / 2n;
    if (widthNs < best.widthNs) best = { widthNs, originNs };
  }
  return best.originNs;
}

/** Between two readings of `clock` this millisecond of CLOCK_REALTIME began. */
export function nextMillisecond(clock: () => bigint): { from: bigint; until: bigint; atMs: number } {
  let from = clock();
  const was = Date.now();
  for (;;) {
    const before = clock();
    const now = Date.now();
    if (now !== was) return { from, until: clock(), atMs: now };
    from = before;
  }
}
