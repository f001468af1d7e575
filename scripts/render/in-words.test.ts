/** `--explain` adds sentences under the tables, within the width, and takes nothing away. */
import { expect, test } from 'vitest';
import { loadLessons } from '../cli/lessons.ts';
import { judgeRun } from '../judge/run.ts';
import { readReference, references } from '../live/reference.ts';
import { plain } from './paint.ts';
import { renderRun } from './text.ts';

test('each call and packet of a step has its sentence, in at most 99 columns', async () => {
  const { run, files } = await readReference(references.at(-1) ?? '');
  const lessons = (await loadLessons()).filter(({ id }) => ['dial', 'blocked', 'resolve'].includes(id));
  const judged = judgeRun(run, lessons, (scene) => files.get(scene) ?? new Map());
  const options = { paint: plain, verbose: false, full: true, answers: false, folder: 'traces/latest' };
  const without = renderRun(run, judged, options).split('\n');
  const lines = renderRun(run, judged, { ...options, explain: true }).split('\n');
  expect(lines.filter((line) => line.length > 99)).toEqual([]);
  expect(lines.length).toBeGreaterThan(2 * without.length);
  const added = new Set(lines);
  expect(without.filter((line) => !added.has(line))).toEqual([]);
  expect(lines).toContain('client, UDP, in words');
  expect(lines.join(' ').replaceAll(/ +/g, ' ')).toMatch(
    /connect \d+ makes 10\.0\.0\.2 port 9000 the peer of the UDP socket; nothing is sent, .* \[connect\(2\)\]/,
  );
}, 60_000);
