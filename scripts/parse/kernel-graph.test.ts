/** On function graphs of connect(2) as Linux 6.1 recorded them. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { everyCall, readGraph } from './kernel-graph.ts';

const read = (name: string) =>
  readGraph(readFileSync(new URL(`fixtures/kernel/${name}`, import.meta.url), 'utf8'), 'kernel.graph');

test('UDP’s connect: every line is read, nothing of it in a softirq, nothing sent', () => {
  const { roots, problems } = read('6.1-udp-connect.graph');
  expect(problems).toEqual([]);
  expect(roots.map(({ name }) => name)).toEqual(['__x64_sys_connect']);
  const names = [...everyCall(roots)].map(({ name }) => name);
  expect(names).toContain('__ip4_datagram_connect');
  expect(names).not.toContain('__dev_queue_xmit');
  expect([...everyCall(roots)].filter(({ beyond }) => beyond)).toEqual([]);
});

test('TCP’s connect: what arrives is in a softirq', () => {
  const { roots, problems } = read('6.1-tcp-connect.graph');
  expect(problems).toEqual([]);
  const all = [...everyCall(roots)];
  const named = (wanted: string) => all.filter(({ name }) => name === wanted).map(({ beyond }) => beyond);
  expect(named('tcp_v4_connect')).toEqual([false]);
  // The SYN is given to the link by connect(2) itself; that it arrives there is the work of the softirq that it raises.
  expect(named('veth_xmit')[0]).toBe(false);
  expect(named('process_backlog')[0]).toBe(true);
});
