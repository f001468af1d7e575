/** The kernel recorder through Docker: what stays of it when a lab does not end by itself, and what it says where it cannot be. */
import { execa } from 'execa';
import { readdir } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi, type TestContext } from 'vitest';
import { mainFile } from '../cli/project.ts';
import { lab, scratch, unmet } from '../live/lab.ts';
import { skipAloud } from '../live/tools.ts';
import { patient } from '../record/until.ts';
import { needsEngine, startEngine } from './docker-test-engine.ts';
import { borrowTracefs, type Borrowed } from './tracefs-here.ts';
import { instancePrefix } from './tracefs.ts';

vi.setConfig({ testTimeout: 120_000 });

beforeEach(() => void (process.env['LAB_BACKEND'] = 'docker'));
afterEach(() => void delete process.env['LAB_BACKEND']);

/** The kernel has one tracer, wherever tracefs is mounted: the engine's script mounts it for the engine alone. */
let seen: Borrowed | undefined;
beforeAll(async () => {
  const found = await borrowTracefs();
  if (!('mend' in found)) seen = found;
});
afterAll(() => seen?.[Symbol.asyncDispose]());

function needsTracer(context: TestContext): void {
  needsEngine(context);
  if (seen === undefined) skipAloud(context, 'this kernel’s tracer cannot be used');
}

/** Those of a lab, by its four characters. */
const instancesOf = async (tag: string): Promise<string[]> =>
  (await readdir(`${seen?.folder}/instances`)).filter((name) => name.startsWith(instancePrefix + tag));

/** Starts a lab, and gives it once it has its two instances. */
async function recording(traces: string) {
  const started = execa(process.execPath, [mainFile, 'lab', '--traces', traces], {
    ...{ reject: false, stdio: 'ignore' },
  });
  const list = ['ps', '--filter', 'name=-tracer', '--format', '{{.Names}}'];
  for (let n = 0; n < 1000; n += 1) {
    const { stdout } = await execa('docker', list);
    const tag = /^echolab-(\w{4})-tracer$/m.exec(stdout)?.[1];
    if (tag !== undefined && (await instancesOf(tag)).length === 2) return { lab: started, tag };
    await pause(20);
  }
  throw new Error('the lab makes no instance');
}

test('root, engine: a lab that is killed: its instances go with their container', async (context) => {
  needsTracer(context);
  await using _ = await startEngine();
  await using folder = await scratch();
  const { lab: killed, tag } = await recording(folder.path);
  killed.kill('SIGKILL');
  await killed;
  const begun = performance.now();
  while ((await instancesOf(tag)).length > 0 && performance.now() - begun < 30_000) await pause(20);
  expect(performance.now() - begun).toBeLessThan(patient(2000));
});

test('root, engine: one that is killed leaves them, and the next lab removes them', async (context) => {
  needsTracer(context);
  await using folder = await scratch();
  const engine = await startEngine();
  const { lab: broken, tag } = await recording(folder.path);
  await engine[Symbol.asyncDispose]();
  expect((await broken).exitCode).toBe(3);
  expect(await instancesOf(tag)).toHaveLength(2);
  await using _ = await startEngine();
  const next = await lab(folder.path, ['--lesson', 'echo']);
  expect(next.exitCode, next.errors).toBe(0);
  expect(await instancesOf(tag)).toEqual([]);
});

test('root, engine: two labs at once on one engine: both record the kernel', async (context) => {
  needsTracer(context);
  await using _ = await startEngine();
  await using one = await scratch();
  await using other = await scratch();
  const ran = await Promise.all([one, other].map(({ path }) => lab(path, ['--lesson', 'dial'])));
  for (const { exitCode, errors, tier } of ran) {
    expect(exitCode, errors).toBe(0);
    expect(tier).not.toBe('none');
  }
  expect(ran.map(unmet)).toEqual([[], []]);
});

test('root, engine without tracefs: the reason, and everything else', async (context) => {
  needsEngine(context);
  await using _ = await startEngine({ ENGINE_TRACEFS: '0' });
  await using folder = await scratch();
  const ran = await lab(folder.path, ['--lesson', 'dial,refused']);
  expect(ran.exitCode, ran.errors).toBe(0);
  expect(ran.output.replaceAll(/\s+/g, ' ')).toMatch(
    /no kernel\.trace: the kernel’s tracer cannot be used through this engine: .*tracing\/instances/,
  );
  expect(unmet(ran)).toEqual([]);
  const open = ran.verdicts.filter(({ verdict }) => verdict === 'unobserved');
  expect(new Set(open.map(({ claim }) => claim))).toEqual(
    new Set(['tcp-stack', 'udp-stack', 'tcp-many', 'udp-few']),
  );
  expect(ran.verdicts.length - open.length).toBeGreaterThan(20);
});
