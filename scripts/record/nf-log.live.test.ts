import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { needsRoot } from '../live/lab.ts';
import { needsLog } from '../live/tools.ts';
import { holdNfLog, restoreNfLog } from './nf-log.ts';

/** That it is put back at the end, live/unchanged.ts sees. */
const value = async () => (await readFile('/proc/sys/net/netfilter/nf_log_all_netns', 'utf8')).trim();

test('root: the switch for LOG is on while anybody holds it, and put back by the last', async (context) => {
  needsRoot(context);
  await needsLog(context);
  const first = await holdNfLog();
  const second = await holdNfLog();
  expect(await value()).toBe('1');
  await first[Symbol.asyncDispose]();
  expect(await value()).toBe('1');
  await restoreNfLog();
  expect(await value()).toBe('1');
  await second[Symbol.asyncDispose]();
});

test('root: those who come and go at once never see it off while they hold it', async (context) => {
  needsRoot(context);
  await needsLog(context);
  const visitor = async () => {
    for (let n = 0; n < 10; n += 1) {
      await using _ = await holdNfLog();
      expect(await value()).toBe('1');
    }
  };
  await Promise.all(Array.from({ length: 5 }, visitor));
});
