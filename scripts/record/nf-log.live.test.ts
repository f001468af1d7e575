import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { needsRoot } from '../live/lab.ts';
import { holdNfLog } from './nf-log.ts';

const value = async () => (await readFile('/proc/sys/net/netfilter/nf_log_all_netns', 'utf8')).trim();

test('the switch for LOG is on while anybody holds it, and put back by the last', async (context) => {
  needsRoot(context);
  const before = await value();
  const first = await holdNfLog();
  const second = await holdNfLog();
  expect(await value()).toBe('1');
  await first[Symbol.asyncDispose]();
  expect(await value()).toBe('1');
  await second[Symbol.asyncDispose]();
  expect(await value()).toBe(before);
});
