/** The only writer and reader of `traces/`: run folders, their raw recordings and their hashes. */
import { createHash } from 'node:crypto';
import { copyFile, link, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Run, type SceneRecord } from '../model/run.ts';
import { NotARun } from './not-a-run.ts';

/** A file's name and bytes, as a recorder gave them. */
export type Recording = readonly [name: string, bytes: Uint8Array];

/** Makes a folder of its own for a run, however many labs start in the same millisecond. */
export async function createRun(traces: string, started: Date): Promise<string> {
  const time = started.toISOString().slice(0, 23).replaceAll(':', '-');
  await mkdir(join(traces, 'local'), { recursive: true });
  for (let n = 1; ; n += 1) {
    const folder = join(traces, 'local', n === 1 ? time : `${time}-${n}`);
    try {
      await mkdir(folder);
      return folder;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
  }
}

/** Writes the recordings of a scene into the folder of each lesson that tells it; gives their hashes, by name. */
export async function writeRecordings(
  [folder = '', ...more]: readonly string[],
  recordings: readonly Recording[],
): Promise<Record<string, string>> {
  await Promise.all([folder, ...more].map((one) => mkdir(one, { recursive: true })));
  await Promise.all(
    recordings.map(async ([name, bytes]) => {
      await writeFile(join(folder, name), bytes);
      // One file with several names: as long as nobody edits it, and then the hash says so.
      await Promise.all(more.map((other) => link(join(folder, name), join(other, name))));
    }),
  );
  return Object.fromEntries(recordings.map(([name, bytes]) => [name, sha256(bytes)]));
}

/** Removes what an interrupted run has left. */
export async function dropRun(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}

/** Last of all: a folder with a run.json is a whole run. */
export async function finishRun(folder: string, run: Run): Promise<void> {
  await writeWhole(join(folder, 'run.json'), `${JSON.stringify(run, null, 2)}\n`);
}

/** `traces/latest` → the newest run; renamed into place, so that it is never missing. */
export async function pointLatest(traces: string, folder: string): Promise<void> {
  const link = join(traces, `.latest-${process.pid}`);
  await rm(link, { force: true });
  await symlink(join('local', folder.slice(join(traces, 'local').length + 1)), link);
  await rename(link, join(traces, 'latest'));
}

/** A derived file (events.jsonl, verdicts.json): whole or not at all. Its folder is there. */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  await writeFile(`${path}.part`, content);
  await rename(`${path}.part`, path);
}

/** The same derived file under further names. */
export async function linkWhole(path: string, names: readonly string[]): Promise<void> {
  await Promise.all(
    names.map(async (name) => {
      await rm(`${name}.part`, { force: true });
      // A disk that knows no hard links gets a copy.
      await link(path, `${name}.part`).catch(() => copyFile(path, `${name}.part`));
      await rename(`${name}.part`, name);
    }),
  );
}

/** @param names relative to the folder, with `/` between; derived files may come where no recording is */
export async function makeFolders(folder: string, names: ReadonlySet<string>): Promise<void> {
  await Promise.all([...names].map((name) => mkdir(join(folder, ...name.split('/')), { recursive: true })));
}

export async function readRun(folder: string): Promise<Run> {
  const path = join(folder, 'run.json');
  const text = await readFile(path, 'utf8').catch(() => {
    throw new NotARun(`${folder} is not a run: it has no run.json`);
  });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new NotARun(`${path} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const run = Run.safeParse(json);
  if (run.success) return run.data;
  const issue = run.error.issues[0];
  throw new NotARun(`${path} is not a run's: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`);
}

/** All raw recordings of a run, by scene and name. */
export async function readRecordings(
  folder: string,
  run: Run,
): Promise<Map<SceneRecord, Map<string, Uint8Array>>> {
  const scenes = run.scenes.map(async (scene) => {
    const names = Object.entries(scene.files).map(async ([name, hash]) => {
      return [name, await readRecording(join(folder, scene.folder), name, hash)] as const;
    });
    return [scene, new Map(await Promise.all(names))] as const;
  });
  return new Map(await Promise.all(scenes));
}

/** A raw recording; refused where it is not the file that was recorded. */
async function readRecording(folder: string, name: string, hash: string): Promise<Buffer> {
  const path = join(folder, name);
  const bytes = await readFile(path).catch(() => {
    throw new NotARun(`${path} is missing`);
  });
  if (sha256(bytes) !== hash)
    throw new NotARun(`${path} was changed after it was recorded (its SHA-256 is not run.json's)`);
  return bytes;
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
