/** Golden tests: the recorded runs give the verdicts and the text that lie beside them. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadLessons } from '../cli/lessons.ts';
import { judgeRun } from '../judge/run.ts';
import { readReference, referenceFolder, references } from '../live/reference.ts';
import { renderFunctions } from './functions.ts';
import { plain } from './paint.ts';
import { renderRun } from './text.ts';

describe.each(references)('%s', (name) => {
  test('gives its verdicts and its text', { timeout: 60_000 }, async () => {
    const { run, files } = await readReference(name);
    const judged = judgeRun(run, await loadLessons(), (scene) => files.get(scene) ?? new Map());
    const verdicts = judged.flatMap((variant) => variant.verdicts);
    const recorded: unknown = JSON.parse(
      await readFile(join(referenceFolder(name), 'verdicts.json'), 'utf8'),
    );
    expect(verdicts).toEqual(recorded);
    expect(verdicts.filter(({ verdict }) => verdict === 'unmet')).toEqual([]);
    const text = renderRun(run, judged, {
      ...{ paint: plain, verbose: false, full: false, answers: false },
      folder: `traces/reference/${name}`,
    });
    await expect(text).toMatchFileSnapshot(join(referenceFolder(name), 'report.txt'));
    const functions = join(referenceFolder(name), 'functions.txt');
    await expect(renderFunctions(judged)).toMatchFileSnapshot(functions);
    for (const line of text.split('\n')) {
      expect(line.length, line).toBeLessThan(100);
    }
  });
});
