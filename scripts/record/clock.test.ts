import { execa } from 'execa';
import { expect, test } from 'vitest';
import { nextMillisecond, nowNs } from './clock.ts';

test('tells the time of date(1), nanoseconds and all', async () => {
  for (let n = 0; n < 5; n += 1) {
    const before = nowNs();
    const { stdout } = await execa('date', ['+%s%N']);
    const after = nowNs();
    const date = BigInt(stdout);
    // What it is wrong by: far less than the 300 µs of the time origin, and than a step of Date.now.
    expect(before - 20_000n).toBeLessThan(date);
    expect(date).toBeLessThan(after + 20_000n);
  }
});

test('agrees with the beginning of each millisecond', () => {
  for (let n = 0; n < 10; n += 1) {
    const { from, until, atMs } = nextMillisecond(nowNs);
    const begins = BigInt(atMs) * 1_000_000n;
    expect(from - 5_000n).toBeLessThan(begins);
    expect(begins).toBeLessThan(until + 5_000n);
  }
});
