/**
 * The lab's own clock: CLOCK_REALTIME in nanoseconds, the clock that strace and tcpdump stamp with.
 *
 * Node gives milliseconds; its time origin (microseconds) plus its monotonic clock (nanoseconds) give about
 * a microsecond. It stamps what programs print and brackets the markers in the kernel log.
 */
export function nowNs(): bigint {
  const { timeOrigin } = performance;
  return BigInt(Math.round(timeOrigin * 1000)) * 1000n + BigInt(Math.round(performance.now() * 1e6));
}
