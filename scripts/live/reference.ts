/** For tests on recorded runs: the runs in traces/reference, and their recordings, which a test may take from. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '../cli/project.ts';
import { loadLessons } from '../cli/lessons.ts';
import { judgeRun, type Files } from '../judge/run.ts';
import type { Lesson } from '../lessons/lesson.ts';
import { wholeRun, type WholeRun } from '../render/files/renderer.ts';
import type { Run, SceneRecord } from '../model/run.ts';
import { readRecordings, readRun } from '../record/store.ts';

const folder = join(projectFolder, 'traces/reference');

/** Every recorded run, by the name of its folder. */
export const references: readonly string[] = readdirSync(folder).toSorted();

export const referenceFolder = (name: string): string => join(folder, name);

export const readReference = (name: string) => readWhole(referenceFolder(name));

/** A run and its recordings. */
export async function readWhole(path: string): Promise<{ run: Run; files: Map<SceneRecord, Files> }> {
  const run = await readRun(path);
  return { run, files: await readRecordings(path, run) };
}

/** A recorded run with everything that files are made from. */
export const wholeReference = async (name: string): Promise<WholeRun> =>
  whole(await readReference(name), await loadLessons());

/** The recording of scripts/live/hostile-lessons. */
export async function wholeHostile(): Promise<WholeRun> {
  const read = await readWhole(join(projectFolder, 'scripts/render/files/fixtures/hostile'));
  return whole(read, await loadLessons(join(projectFolder, 'scripts/live/hostile-lessons')));
}

function whole({ run, files }: Awaited<ReturnType<typeof readWhole>>, lessons: readonly Lesson[]): WholeRun {
  const filesOf = (scene: SceneRecord): Files => files.get(scene) ?? new Map();
  return wholeRun(run, judgeRun(run, lessons, filesOf), filesOf);
}
