/** The calls on sockets in the recorded lessons in words: the first of each call, protocol and outcome (golden). */
import { expect, test } from 'vitest';
import { timelineOf } from '../correlate/timeline.ts';
import { readReference, references } from '../live/reference.ts';
import { explainerOf } from './explain-timeline.ts';

/** What differs from run to run, as placeholders. */
const normalize = (text: string): string =>
  text
    .replaceAll(/port (?!9000\b|53\b)\d+/g, 'port <port>')
    .replaceAll(/ \(took [\d.]+ s\)/g, '')
    .replaceAll(/\b\d+ of (\d+) bytes/g, '<part> of $1 bytes')
    .replaceAll(/: "[^"]{30,}"/g, ': "<long>"')
    .replaceAll(/descriptor \d+/g, 'descriptor <n>');

test('sentences', async () => {
  const { run, files } = await readReference(references.at(-1) ?? '');
  const lines = new Map<string, string>();
  for (const scene of run.scenes) {
    const timeline = timelineOf(run, scene, files.get(scene) ?? new Map<string, Uint8Array>());
    const explain = explainerOf(timeline);
    for (const event of timeline.events) {
      if (event.kind !== 'call' || event.protocol === undefined) continue;
      const { name, protocol, errno, returned = 1 } = event;
      const outcome = errno ?? (event.step === 'receive' && returned === 0 ? '0' : '');
      const key = [name, protocol, outcome, event.flags?.startsWith('S') ? event.flags : ''].join(' ').trim();
      const { text, source } = explain(event);
      if (!lines.has(key)) lines.set(key, `${name}: ${normalize(text)} [${source}]\n`);
    }
  }
  const sorted = [...lines].toSorted(([one], [other]) => (one < other ? -1 : 1));
  await expect(sorted.map(([, line]) => line).join('')).toMatchFileSnapshot('fixtures/lesson-calls.txt');
}, 120_000);
