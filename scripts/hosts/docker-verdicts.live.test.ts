/** What a lab finds out does not depend on where its hosts live. */
import { execa } from 'execa';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { projectFolder } from '../cli/project.ts';
import { lab, scratch, summary, type Lab } from '../live/lab.ts';
import { readRun } from '../record/store.ts';
import { needsEngine, startEngine } from './docker-test-engine.ts';

// Several labs of all lessons each.
vi.setConfig({ testTimeout: 400_000 });

const backend = async (name: string, traces: string, args: string[] = []): Promise<Lab> => {
  process.env['LAB_BACKEND'] = name;
  return lab(traces, args);
};
afterEach(() => {
  delete process.env['LAB_BACKEND'];
});

test('root, engine: the verdicts of both backends, with an image made from nothing and with one that is there', async (context) => {
  needsEngine(context);
  await using engine = await startEngine();
  expect(engine.host).toMatch(/^unix:/);
  await using folder = await scratch();
  const inNamespaces = await backend('namespaces', join(folder.path, 'n'));
  const fromNothing = await backend('docker', join(folder.path, 'd'));
  expect(fromNothing.exitCode, fromNothing.errors).toBe(0);
  expect(summary(fromNothing)).toEqual(summary(inNamespaces));
  const again = await backend('docker', join(folder.path, 'd'));
  expect(summary(again)).toEqual(summary(inNamespaces));
  const run = await readRun(again.folder);
  expect(run).toMatchObject({ backend: 'docker', netfilter: { recorder: 'LOG' } });
  // Nothing in the run's folder belongs to anybody else.
  const { stdout } = await execa('find', [folder.path, '!', '-uid', String(process.getuid?.())]);
  expect(stdout).toBe('');
});

test('root, engine that refuses the switch for LOG: NFLOG, and the same verdicts', async (context) => {
  needsEngine(context);
  await using _ = await startEngine({ ENGINE_LOG: '0' });
  await using folder = await scratch();
  const inNamespaces = await backend('namespaces', join(folder.path, 'n'));
  const inDocker = await backend('docker', join(folder.path, 'd'));
  expect(inDocker.exitCode, inDocker.errors).toBe(0);
  expect(summary(inDocker)).toEqual(summary(inNamespaces));
  const { netfilter } = await readRun(inDocker.folder);
  expect(netfilter).toMatchObject({ recorder: 'NFLOG' });
  expect(netfilter.why).toContain('nf_log_all_netns');
});

test('root, engine: one that does not see the programs gets copies of them', async (context) => {
  needsEngine(context);
  await using _ = await startEngine();
  await using folder = await scratch();
  // The private engine has a /run of its own.
  const hidden = await mkdtemp('/run/echolab-test-');
  try {
    await cp(join(projectFolder, 'lab'), join(hidden, 'lab'), { recursive: true });
    const args = ['--programs', join(hidden, 'lab')];
    const done = await backend('docker', folder.path, args);
    expect(done.exitCode, done.errors).toBe(0);
    expect(done.errors).toContain('does not see');
    expect(summary(done)).toEqual(summary(await backend('namespaces', folder.path, args)));
  } finally {
    await rm(hidden, { recursive: true });
  }
});
