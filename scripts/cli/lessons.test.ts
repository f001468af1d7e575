/** Which lessons are loaded and chosen, and what is said of a file that cannot be loaded. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { choose, loadLessons } from './lessons.ts';
import { mainFile } from './project.ts';

const lessons = await loadLessons();
const ids = lessons.map(({ id }) => id);

test.each([
  [undefined, ids],
  ['', ids],
  ['all', ids],
  ['dial', ['dial']],
  ['echo,dial', ['echo', 'dial']],
  [' dial , echo ', ['dial', 'echo']],
  ['dial,dial', ['dial']],
  ['dial,', ['dial']],
])('LESSON=%j', (names, chosen) => {
  expect(choose(lessons, names).map(({ id }) => id)).toEqual(chosen);
});

let folder = '';
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'echolab-lessons-'))));
afterEach(() => rm(folder, { recursive: true }));

test.each([
  ['a file that is not there', '../../lessons/stories.ts', /Cannot find module '.*\/lessons\/stories\.ts'/],
  ['a package that is not there', 'ecolab/stories', /Cannot find package 'ecolab'/],
  ['a name that echolab does not have', 'echolab/story', /Package subpath '\.\/story' is not defined/],
])('a lesson that imports %s is refused in words', async (_, from, why) => {
  await writeFile(
    join(folder, '14-x.ts'),
    `import { serverEnds } from '${from}';\nexport const x = serverEnds;\n`,
  );
  const { exitCode, stderr } = await execa(process.execPath, [mainFile, 'lab', '--lessons', folder], {
    reject: false,
  });
  expect(exitCode).toBe(2);
  const [what, reason, mend, ...more] = stderr.split('\n');
  expect(what).toBe('14-x.ts imports what is not there');
  expect(reason).toMatch(why);
  expect(reason).not.toContain('lesson-imports.ts');
  expect(mend).toMatch(
    /^ {2}mend {2}a lesson imports echolab\/expectation, echolab\/lesson, echolab\/stories/,
  );
  expect(more).toEqual([]);
});
