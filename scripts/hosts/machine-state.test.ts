import { expect, test } from 'vitest';
import { changesOf, readMachine } from './machine-state.ts';

test('what came, went or is another one is named', () => {
  const before = new Map([
    ['interface eth0', 'there'],
    ['mount /proc, proc', 'there'],
    ['sysctl net/netfilter/nf_log_all_netns', '0\n'],
  ]);
  const after = new Map([
    ['interface eth0', 'there'],
    ['kernel module veth', 'there'],
    ['sysctl net/netfilter/nf_log_all_netns', '1\n'],
  ]);
  expect(changesOf(before, after)).toEqual([
    'mount /proc, proc: there → not there',
    'sysctl net/netfilter/nf_log_all_netns: 0 → 1',
    'kernel module veth: not there → there',
  ]);
});

test('this machine’s interfaces, mounts and settings are read', async ({ skip }) => {
  if (process.platform !== 'linux') skip('needs Linux');
  const names = [...(await readMachine()).keys()];
  for (const name of ['interface lo', 'mount /proc, proc', 'sysctl net/core/somaxconn'])
    expect(names).toContain(name);
});
