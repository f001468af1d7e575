import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test, type TestContext } from 'vitest';
import { kmsg, openDevice } from '../hosts/kmsg.ts';
import { needsRoot, scratch } from '../live/lab.ts';
import { skipAloud } from '../live/tools.ts';
import { nowNs } from './clock.ts';
import { openKernelLog } from './kernel-log.ts';

/** The log, wherever /dev has it or not: the device is made for the test, which takes root, and a folder that allows devices. */
async function openRing(context: TestContext) {
  needsRoot(context);
  const folder = await scratch();
  const device = join(folder.path, 'kmsg');
  try {
    execFileSync('mknod', [device, 'c', '1', '11']);
    return Object.assign(openDevice(device), { device, folder });
  } catch (error) {
    await folder[Symbol.asyncDispose]();
    return skipAloud(context, `${kmsg} cannot be opened: ${String(error)}`);
  }
}

test('root: what the ring lost is counted by its sequence numbers', async (context) => {
  await using ring = await openRing(context);
  await using _ = ring.folder;
  const log = await openKernelLog(ring);
  await using tape = log.tape('nobody');
  tape.packets();
  expect(tape.lost()).toBe(0);
  // More than the ring's 128 KiB, while this process cannot read: each line opens the log, or its rate is limited.
  const line = '<7>echolab test '.padEnd(900, '.');
  execFileSync('sh', [
    '-c',
    `i=0; while [ $i -lt 1500 ]; do echo '${line}' > '${ring.device}'; i=$((i+1)); done`,
  ]);
  tape.packets();
  const lost = tape.lost();
  expect(lost).toBeGreaterThan(100);
  expect(lost).toBeLessThan(1500);
  expect(tape.lost()).toBe(0);
});

test('root: the clock is known to some microseconds', async (context) => {
  await using ring = await openRing(context);
  await using _ = ring.folder;
  const log = await openKernelLog(ring);
  const { offsetNs = -1n, uncertaintyNs } = (await log.clock()) ?? {};
  expect(uncertaintyNs).toBeLessThan(1_000_000);
  // The kernel's stamps count from its start, which lies in the past.
  expect(offsetNs).toBeLessThan(nowNs());
  expect(offsetNs).toBeGreaterThan(0n);
});
