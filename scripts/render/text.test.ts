/** What is printed of a recorded run, in full and in part. */
import { beforeAll, expect, test } from 'vitest';
import { loadLessons } from '../cli/lessons.ts';
import { judgeRun, type JudgedVariant } from '../judge/run.ts';
import { readReference } from '../live/reference.ts';
import type { Run } from '../model/run.ts';
import { plain } from './paint.ts';
import { renderRun } from './text.ts';

let run: Run;
let whole: JudgedVariant[];
beforeAll(async () => {
  const read = await readReference('linux-6.18-root');
  run = read.run;
  whole = judgeRun(run, await loadLessons(), (scene) => read.files.get(scene) ?? new Map());
});
const inFull = (judged: readonly JudgedVariant[], of = whole) =>
  renderRun(run, judged, {
    ...{ paint: plain, verbose: false, full: true, answers: true },
    ...{ folder: 'traces/latest', whole: of },
  });
const part = (id: string) => whole.filter(({ lesson }) => lesson.id === id);

test('a lesson in full states its question once, and answers all of its questions for class', () => {
  for (const [lesson, judged] of Map.groupBy(whole, (one) => one.lesson)) {
    const lines = inFull(judged).split('\n');
    expect(lines.filter((line) => line.includes(`${lesson.id} · ${lesson.question}`))).toHaveLength(1);
    const answers = judged.flatMap((one) => one.answers);
    expect(answers.length).toBeGreaterThan(1);
    const text = lines.join(' ').replaceAll(/ +/g, ' ');
    for (const { answer } of answers) expect(text).toContain(answer);
  }
});

test('answers cite lines and frames as claims do', () => {
  const text = inFull(whole);
  expect(text).toMatch(/\(client\.strace:\d+/);
  expect(text).toMatch(/client\.pcap#\d+/);
  expect(text).not.toMatch(/\.pcap:\d/);
});

test('nothing is wider than 99 columns', () => {
  for (const line of inFull(whole).split('\n')) expect(line.length, line).toBeLessThan(100);
});

test('the count of imprecise places is that of the file, and nothing is said where it has none', () => {
  expect(
    part('close')
      .flatMap(({ verdicts }) => verdicts)
      .map(({ stance }) => stance),
  ).not.toContain('differs');
  expect(inFull(part('close'))).toContain('where the article is imprecise, 17 places: ');
  expect(inFull(part('close'), part('close'))).not.toContain('imprecise');
});
