/** What the kernel's tracer recorded beside the parsers, in words: each kind of sentence once (golden). */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readKernelTrace } from '../parse/kernel-trace.ts';
import { explainKernel } from './explain-kernel.ts';
import { explainFunction } from './functions.ts';
import { newState } from './socket-states.ts';
import type { Story } from './story.ts';

const hosts = [
  { name: 'client', address: '10.0.0.1', links: [{ to: 'server', interface: 'euopx1c', index: 2 }] },
  { name: 'server', address: '10.0.0.2', links: [{ to: 'client', interface: 'euopx1s', index: 2 }] },
];
const alone: Story = {
  find: () => undefined,
  before: () => [],
  dropOf: () => undefined,
  neverArrived: () => false,
  onSocket: () => undefined,
  hostAt: () => undefined,
};

const read = (name: string) =>
  readKernelTrace(
    readFileSync(new URL(`../parse/fixtures/kernel/${name}`, import.meta.url), 'utf8'),
    'kernel.trace',
    hosts,
    0n,
  ).events;

test('sentences of a dial whose SYN ACK is lost', async () => {
  const lines = read('6.18-syn-ack-lost.trace').map((event) => {
    const { text, source } = explainKernel(event, alone);
    return `${event.host || '?'}: ${text} [${source}]\n`;
  });
  await expect([...new Set(lines)].join('')).toMatchFileSnapshot('fixtures/kernel-syn-ack-lost.txt');
});

test('every function on a stack is among the words, once, from the call inwards', () => {
  const [event] = read('6.18-udp-dial.trace').filter(({ name }) => name === 'fib_table_lookup');
  if (event === undefined) throw new Error('no lookup');
  const words = explainKernel(event, alone).words.map(({ word }) => word);
  const stack = [...new Set([...event.stack, ...event.beyond])];
  expect(words).toEqual(stack.filter((name) => explainFunction(name) !== undefined));
  expect(words).toEqual(stack);
});

test('TIME-WAIT is seen where the stack only shows tcp_done', () => {
  const closed = read('6.18-syn-ack-lost.trace').filter(({ fields }) => fields['newstate'] === 'TCP_CLOSE');
  const waits = closed.filter((event) => newState(event) === 'TIME-WAIT');
  expect(waits.map(({ fields }) => fields['oldstate'])).toEqual(['TCP_FIN_WAIT2']);
  expect(closed.length).toBeGreaterThan(waits.length);
});
