/** A lesson is one file: one from another folder is recorded, judged and printed like the project's own. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectFolder } from '../cli/project.ts';
import { lab, needsRoot, scratch } from './lab.ts';

test('root: a lesson of one’s own', async (context) => {
  needsRoot(context);
  await using folder = await scratch();
  const lessons = join(projectFolder, 'scripts/live/lessons');
  const ran = await lab(folder.path, ['--lessons', lessons, '--lesson', 'knock', '--answers']);
  expect(ran.errors).not.toMatch(/error/i);
  expect(ran.exitCode).toBe(0);
  expect(ran.verdicts.map(({ claim, variant, verdict }) => `${claim} ${variant} ${verdict}`)).toEqual([
    'nobody-knocks node-udp met',
    'nobody-knocks libc-udp met',
  ]);
  expect(ran.output).toMatch(/knock · does a UDP server notice a connect\(2\)\?/);
  expect(ran.output).toMatch(/No: nothing of a connect\(2\) leaves the client\./);
});
