/** The function graph of a stock kernel's run, as a tree in the page. */
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { bookOf } from '../../live/book.ts';
import { pictures, referenceDocument } from '../../live/browser.ts';
import { readReference } from '../../live/reference.ts';
import { everyCall, readGraph } from '../../parse/kernel-graph.ts';
import { graphRows } from './app/graph-rows.ts';

vi.setConfig({ testTimeout: 180_000 });

const made = bookOf(() => referenceDocument('linux-6.1-stock'));

test('functions nest, say how long they took and what they do, and close', async () => {
  const page = await made.book.open('#dial/node-udp');
  await page.locator('.view [data-event]').first().waitFor();
  await page.getByRole('tab', { name: 'Graph' }).click();
  const rows = page.locator('#recording .row');
  const connect = rows.filter({ hasText: '__x64_sys_connect' });
  const below = rows.filter({ hasText: '__sys_connect_file' });
  await below.first().waitFor();
  expect(await connect.innerText()).toMatch(/\d+\.\d{3} µs\s+▾ __x64_sys_connect\s+\S+/);
  await page.screenshot({ path: join(pictures, 'function-graph.png') });

  await connect.getByRole('button').click();
  await below.first().waitFor({ state: 'detached' });
  expect(await connect.innerText()).toMatch(/▸ __x64_sys_connect.* · \d+ calls/);
  expect(await rows.count()).toBe(1);
  expect(made.book.wrong).toEqual([]);
  await page.close();
});

const { run, files } = await readReference('linux-6.1-stock');
const scene = run.scenes.find(({ folder }) => folder === 'dial/node-tcp');
const graph = new TextDecoder().decode(scene && files.get(scene)?.get('kernel.graph'));
const { roots } = readGraph(graph, 'kernel.graph');

test('a softirq is closed at first, and opened for a line in it', () => {
  const softirqs = [...everyCall(roots)].filter(({ beyond, calls }) => beyond && calls.length > 0);
  const [first] = softirqs;
  const inner = first?.calls[0];
  if (first === undefined || inner === undefined) throw new Error('no softirq was recorded');
  const rowOf = (line: number, shown?: number) =>
    graphRows(roots, new Set(), shown).find(({ call }) => call.line === line);
  expect(rowOf(first.line)).toMatchObject({ open: false, hidden: [...everyCall(first.calls)].length });
  expect(rowOf(inner.line)).toBeUndefined();
  expect(rowOf(first.line, inner.line)).toMatchObject({ open: true, hidden: 0 });
  expect(rowOf(inner.line, inner.line)).toBeDefined();
});

test('a link leads to a line of it', async () => {
  const line = [...everyCall(roots)].find(({ beyond }) => beyond)?.calls[0]?.line ?? 0;
  const page = await made.book.open(`#dial/node-tcp/kernel.graph:${line}`);
  const chosen = page.locator('#recording .row.chosen');
  await chosen.waitFor();
  expect(await chosen.locator('.number').innerText()).toBe(String(line));
  expect(made.book.wrong).toEqual([]);
  await page.close();
});
