/**
 * Runs around each test file: what the file's tests leave behind is an error of that file.
 *
 * Temporary files go to a folder of the file's own, and every process that it starts inherits its name (leftovers.ts).
 */
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect } from 'vitest';
import { projectFolder } from '../cli/project.ts';
import { patient } from '../record/until.ts';
import { marker } from './leftovers.ts';
import { differences, lookAtMachine, testFolderPrefix, type Machine } from '../hosts/machine.ts';

const file = relative(projectFolder, expect.getState().testPath ?? '');
const usual = tmpdir();

// Now, and not before the first test: modules make their folders when they are loaded.
const folder = await mkdtemp(join(usual, testFolderPrefix));
await chmod(folder, 0o755); // labs of an ordinary user are in there
process.env['TMPDIR'] = folder;
process.env[marker] = `${process.env[marker]?.split(' ')[0]} ${file}`;
// Command-line tools, our own too, else make a folder for it beside.
process.env['NODE_COMPILE_CACHE'] = join(projectFolder, 'node_modules/.cache/node');

let before: Machine;
beforeAll(async () => {
  before = await lookAtMachine();
}, 60_000);

afterAll(async () => {
  const found = await settled(async () => [
    ...differences(before, await lookAtMachine()),
    ...(await readdir(folder)).map((name) => `temporary files: + ${name}`),
  ]);
  process.env['TMPDIR'] = usual;
  await rm(folder, { recursive: true, force: true });
  if (found.length > 0) throw new Error(`${file} changed the machine:\n  ${found.join('\n  ')}`);
}, 60_000);

/** What ends is not gone at once: the kernel takes namespaces down in the background. */
async function settled(look: () => Promise<string[]>): Promise<string[]> {
  const until = performance.now() + Math.min(patient(3000), 10_000);
  for (;;) {
    const found = await look();
    if (found.length === 0 || performance.now() > until) return found;
    await pause(200);
  }
}
