/**
 * Nothing that a recording says stands without an explanation: the lessons' runs in traces/reference, and the recordings of
 * the kernel beside the parsers.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { timelineOf } from '../correlate/timeline.ts';
import { readReference, references } from '../live/reference.ts';
import { everyCall, readGraph } from '../parse/kernel-graph.ts';
import { explainerOf, explainTimeline } from './explain-timeline.ts';
import { explainFunction, functionCount } from './functions.ts';
import { unexplainedIn } from './unexplained.ts';

describe.each(references)('%s', (name) => {
  test('has no word without an explanation, and no event without a sentence', async () => {
    const { run, files } = await readReference(name);
    const missing = new Set<string>();
    for (const scene of run.scenes) {
      const timeline = timelineOf(run, scene, files.get(scene) ?? new Map<string, Uint8Array>());
      const explain = explainerOf(timeline);
      // A scene with stacks has the steps of the sockets alone.
      expect(timeline.logged.size).toBeGreaterThan(5);
      for (const event of timeline.events) {
        for (const word of unexplainedIn(event, timeline.logged.get(event.id)))
          missing.add(`${event.kind}: ${word}`);
        const { text, source } = explain(event);
        if (text.length < 10 || source === '' || /undefined|NaN|\[object/.test(text))
          missing.add(`${scene.folder} ${event.id}: ${text}`);
      }
    }
    expect([...missing]).toEqual([]);
  }, 120_000);
});

describe('functions of the kernel', () => {
  const folder = new URL('../parse/fixtures/kernel/', import.meta.url);
  const read = (name: string) => readFileSync(new URL(name, folder), 'utf8');
  const named: Readonly<Record<string, (text: string) => string[]>> = {
    // `      3 tcp_ack`
    counts: (text) => [...text.matchAll(/^\s*\d+ (\w[\w.]*)$/gm)].map(([, name = '']) => name),
    graph: (text) => [...everyCall(readGraph(text, 'graph').roots)].map(({ name }) => name),
    // ` => tcp_v4_connect`, as the kernel's tracer prints a stack
    trace: (text) => [...text.matchAll(/^ => ([^\s+]+)/gm)].map(([, name = '']) => name),
    // `        tcp_v4_connect+1`
    txt: (text) => [...text.matchAll(/^\s+([a-z_]\w+)\+\d+$/gm)].map(([, name = '']) => name),
  };
  test.each(readdirSync(folder).filter((name) => name.replace(/.*\./, '') in named))(
    'in %s are all explained',
    (name) => {
      const functions = new Set(named[name.replace(/.*\./, '')]?.(read(name)));
      expect(functions.size).toBeGreaterThan(5);
      expect([...functions].filter((one) => explainFunction(one) === undefined)).toEqual([]);
    },
  );

  test('have a phrase of their own, or one of a family; others have none', () => {
    expect(functionCount).toBeGreaterThan(1000);
    expect(explainFunction('tcp_schedule_loss_probe.part.0')?.means).toContain('loss probe');
    expect(explainFunction('__x64_sys_connect')?.means).toContain('the system call connect');
    expect(explainFunction('_raw_spin_unlock_bh')?.means).toBe('gives a lock back');
    expect(explainFunction('frobnicate_socket')).toBeUndefined();
    expect(explainFunction('constructor')).toBeUndefined();
  });
});

/** Any scene of the reference runs; all have calls, packets or counters, and rows of ss. */
async function someTimeline() {
  const { run, files } = await readReference(references[0] ?? '');
  const scene = run.scenes.find(({ variant }) => variant.endsWith('tcp'));
  if (scene === undefined) throw new Error('the first reference run has no scene of TCP');
  return timelineOf(run, scene, files.get(scene) ?? new Map<string, Uint8Array>());
}

test('a timeline has an explanation for each of its events, by their ids', async () => {
  const timeline = await someTimeline();
  const explained = explainTimeline(timeline);
  expect([...explained.keys()].toSorted()).toEqual(timeline.events.map(({ id }) => id).toSorted());
  const connect = timeline.events.find((event) => event.kind === 'call' && event.step === 'connect');
  expect(explained.get(connect?.id ?? '')?.text).toMatch(/^asks 10\.0\.0\.2 port 9000 for a connection/);
});

test('a word that no table has is told', async () => {
  const { events } = await someTimeline();
  const counter = events.find((event) => event.kind === 'counter');
  const row = events.find((event) => event.kind === 'socket');
  if (counter === undefined || row === undefined) throw new Error('no counter or no row of ss');
  expect(unexplainedIn(counter)).toEqual([]);
  expect(unexplainedIn({ ...counter, name: 'Udp.Sunspots' })).toEqual(['Udp.Sunspots']);
  expect(unexplainedIn({ ...row, state: 'TOSTRING' })).toEqual([`${row.protocol} TOSTRING`]);
});
