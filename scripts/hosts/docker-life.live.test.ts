/** However a lab ends, its containers end with it; what is not its own stays. */
import { execa } from 'execa';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mainFile } from '../cli/project.ts';
import { scratch } from '../live/lab.ts';
import { patient } from '../record/until.ts';
import { cleanDocker } from './docker-clean.ts';
import { findImage } from './docker-image.ts';
import { machine } from './docker-labels.ts';
import { engineCanRun, needsEngine, startEngine, type TestEngine } from './docker-test-engine.ts';
import { findEngine, isObstacle } from './engine.ts';

let engine: TestEngine | undefined;
let image = '';
beforeAll(async () => {
  if (!engineCanRun) return;
  engine = await startEngine();
  const found = await findEngine();
  if (isObstacle(found)) throw new Error(found.why);
  image = await findImage(found.arch, () => undefined);
});
afterAll(() => engine?.[Symbol.asyncDispose]());

const labelled = async (): Promise<string[]> => {
  const { stdout } = await execa('docker', [
    'ps',
    '-a',
    '--filter',
    'label=echolab=1',
    '--format',
    '{{.Names}}',
  ]);
  return stdout.split('\n').filter((name) => name !== '');
};

const startLab = (traces: string) =>
  execa(process.execPath, [mainFile, 'lab', '--traces', traces, '--lesson', 'dial,echo'], {
    ...{ reject: false, all: true, stdin: 'ignore', env: { LAB_BACKEND: 'docker' } },
  });

/** Milliseconds until no container of a lab is left, and none of these docker clients. */
async function untilGone(clients: readonly number[] = []): Promise<number> {
  const begun = performance.now();
  // A client that outlives the lab by a moment would still make its container.
  while (clients.some((pid) => existsSync(`/proc/${pid}/exe`)) || (await labelled()).length > 0) {
    if (performance.now() - begun > 30_000) return Infinity;
    await pause(20);
  }
  return performance.now() - begun;
}

const childrenOf = (pid = 0, pattern = '') =>
  spawnSync('pgrep', ['-P', String(pid), '-f', pattern], { encoding: 'utf8' })
    .stdout.split('\n')
    .filter((line) => line !== '')
    .map(Number);

// Any moment: while containers are made, while links are, while programs run.
test.for([1, 2, 3, 4])('root, engine: SIGKILL of the lab at a random moment (%i)', async (_, context) => {
  needsEngine(context);
  await using folder = await scratch();
  const lab = startLab(folder.path);
  await pause(Math.random() * 4000);
  lab.kill('SIGSTOP'); // so that it starts nobody whom we do not know
  const clients = childrenOf(lab.pid, '^docker ');
  lab.kill('SIGKILL');
  await lab;
  expect(await untilGone(clients)).toBeLessThan(patient(1000));
});

test('root, engine: SIGKILL of a docker client ends the lab with a reason, and all containers', async (context) => {
  needsEngine(context);
  await using folder = await scratch();
  const lab = startLab(folder.path);
  let over = false;
  void lab.then(() => (over = true));
  const started = async () => over || (await labelled()).length >= 6;
  while (!(await started())) await pause(20);
  await pause(Math.random() * 1000);
  // A client of a host: its command line names it.
  const [client] = childrenOf(lab.pid, 'docker run --name echolab-.*-server ');
  process.kill(client ?? Number.NaN, 'SIGKILL');
  const { exitCode, all } = await lab;
  expect(exitCode, all).toBe(3);
  expect(all).toMatch(/\n {2}why {3}.*\n {2}mend {2}/);
  expect(await untilGone()).toBeLessThan(patient(1000));
});

test('root, engine: two labs at once on one engine', async (context) => {
  needsEngine(context);
  await using folder = await scratch();
  const labs = await Promise.all([startLab(`${folder.path}/1`), startLab(`${folder.path}/2`)]);
  for (const { exitCode, all } of labs) expect(exitCode, all).toBe(0);
  expect(await labelled()).toEqual([]);
});

test('root, engine: clean removes what dead labs left, and nothing else', async (context) => {
  needsEngine(context);
  const { pid: dead } = spawnSync('true');
  const run = async (name: string, ...labels: string[]) => {
    const words = labels.flatMap((label) => ['--label', label]);
    await execa('docker', [
      'run',
      '-d',
      '--name',
      name,
      '--network',
      'none',
      ...words,
      image,
      'sleep',
      '600',
    ]);
  };
  await run('theirs');
  await run('left', 'echolab=1', `echolab.pid=${dead}`, `echolab.machine=${machine()}`);
  await run('alive', 'echolab=1', `echolab.pid=${process.pid}`, `echolab.machine=${machine()}`);
  await run('elsewhere', 'echolab=1', `echolab.pid=${dead}`, 'echolab.machine=another');
  expect(await cleanDocker()).toEqual(['left']);
  const { stdout } = await execa('docker', ['ps', '--format', '{{.Names}}']);
  expect(stdout.split('\n').toSorted()).toEqual(['alive', 'elsewhere', 'theirs']);
  await execa('docker', ['rm', '-f', 'alive', 'elsewhere', 'theirs']);
});
