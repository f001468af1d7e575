import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { openDevice } from '../hosts/kmsg.ts';
import { needsRoot } from '../live/lab.ts';
import { nowNs } from './clock.ts';
import { openKernelLog } from './kernel-log.ts';

test('what the ring lost is counted by its sequence numbers', async (context) => {
  needsRoot(context);
  await using ring = openDevice();
  const log = await openKernelLog(ring);
  await using tape = log.tape('nobody');
  tape.packets();
  expect(tape.lost()).toBe(0);
  // More than the ring's 128 KiB, while this process cannot read: each line opens the log, or its rate is limited.
  const line = '<7>echolab test '.padEnd(900, '.');
  execFileSync('sh', ['-c', `i=0; while [ $i -lt 1500 ]; do echo '${line}' >/dev/kmsg; i=$((i+1)); done`]);
  tape.packets();
  const lost = tape.lost();
  expect(lost).toBeGreaterThan(100);
  expect(lost).toBeLessThan(1500);
  expect(tape.lost()).toBe(0);
});

test('the clock is known to some microseconds', async (context) => {
  needsRoot(context);
  await using ring = openDevice();
  const log = await openKernelLog(ring);
  const { offsetNs = -1n, uncertaintyNs } = (await log.clock()) ?? {};
  expect(uncertaintyNs).toBeLessThan(1_000_000);
  // The kernel's stamps count from its start, which lies in the past.
  expect(offsetNs).toBeLessThan(nowNs());
  expect(offsetNs).toBeGreaterThan(0n);
});
