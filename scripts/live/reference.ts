/** For tests on recorded runs: the runs in traces/reference, and their recordings, which a test may take from. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '../cli/project.ts';
import type { Files } from '../judge/run.ts';
import type { Run, SceneRecord } from '../model/run.ts';
import { readRecordings, readRun } from '../record/store.ts';

const folder = join(projectFolder, 'traces/reference');

/** Every recorded run, by the name of its folder. */
export const references: readonly string[] = readdirSync(folder).toSorted();

export const referenceFolder = (name: string): string => join(folder, name);

export async function readReference(name: string): Promise<{ run: Run; files: Map<SceneRecord, Files> }> {
  return readWhole(referenceFolder(name));
}

/** A run and its recordings. */
export async function readWhole(path: string): Promise<{ run: Run; files: Map<SceneRecord, Files> }> {
  const run = await readRun(path);
  return { run, files: await readRecordings(path, run) };
}
