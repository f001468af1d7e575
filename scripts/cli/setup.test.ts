/** What `make` says where a verb cannot run: in a project without node_modules, or with a Node that does not start. */
import { execa } from 'execa';
import { cp, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { packages } from '../record/tool.ts';
import { projectFolder } from './project.ts';

const needed = [
  'package.json',
  'package-lock.json',
  '.npmrc',
  'scripts/strace-parser',
  'scripts/cli/setup.sh',
];

let project = '';
beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), 'echolab-setup-'));
  for (const name of needed) {
    await cp(join(projectFolder, name), join(project, name), {
      recursive: true,
      filter: (path) => !path.includes('node_modules', projectFolder.length),
    });
  }
});
afterEach(() => rm(project, { recursive: true }));

async function setUp(env: Record<string, string> = {}, wanted: 'lab' | 'all' = 'lab') {
  const script = join(project, 'scripts/cli/setup.sh');
  const { exitCode, all } = await execa('/bin/sh', [script, wanted], {
    env: { LAB_INSTALL: '0', ...env },
    all: true,
    reject: false,
  });
  return { exitCode, all };
}

/** A folder with the system's programs that the script calls, and no others. */
async function pathWith(...programs: string[]): Promise<string> {
  const folder = join(project, 'path');
  await mkdir(folder, { recursive: true });
  for (const program of programs) {
    const { stdout } = await execa('sh', ['-c', `command -v ${program}`]);
    await symlink(stdout, join(folder, program));
  }
  return folder;
}

/** A library that no loader takes for one: of this name the loader finds this first. */
async function brokenLibrary(name: string): Promise<string> {
  const folder = join(project, 'lib');
  await mkdir(folder);
  await writeFile(join(folder, name), 'no library');
  return folder;
}

/** This very Node in the place of the project's own, and a list of what npm has installed. */
async function installed(list: string): Promise<void> {
  const own = join(project, `node_modules/node-linux-${process.arch}/bin/node`);
  await mkdir(dirname(own), { recursive: true });
  await symlink(process.execPath, own);
  await writeFile(join(project, 'node_modules/.package-lock.json'), list);
}

test('nothing is said or done where everything is there', async () => {
  await installed('"dev": true');
  expect(await setUp({}, 'all')).toEqual({ exitCode: 0, all: '' });
  expect(await setUp()).toEqual({ exitCode: 0, all: '' });
});

test.each(['node', 'npm'])('%s is missing', async (missing) => {
  const PATH = await pathWith('uname', 'grep', 'find', ...(missing === 'node' ? [] : ['node']));
  const { exitCode, all } = await setUp({ PATH });
  expect(all).toMatch(new RegExp(`^missing: ${missing}\n  why   .*\n  mend  apt-get install nodejs npm`));
  expect(exitCode).toBe(3);
});

test('no registry answers', async () => {
  const { exitCode, all } = await setUp({
    npm_config_registry: 'http://127.0.0.1:1',
    npm_config_cache: join(project, 'cache'),
  });
  expect(all).toMatch(
    /^installing what the lab runs on .*\nnpm cannot install the packages\n {2}why .*ECONNREFUSED.*\n {2}mend .*registry.*$/,
  );
  expect(exitCode).toBe(3);
});

test('what npm says of another failure is passed on, with its log', async () => {
  await writeFile(join(project, 'package.json'), '{');
  const { exitCode, all } = await setUp({ npm_config_cache: join(project, 'cache') });
  const [, what, why, mend = ''] = all.split('\n');
  expect(what).toBe('npm cannot install the packages');
  expect(why).toMatch(/^ {2}why {3}.*JSON/i);
  expect(await readFile(mend.slice(mend.indexOf('/')), 'utf8')).toContain('JSON');
  expect(exitCode).toBe(3);
});

test('a missing libatomic is found before the download', async ({ skip }) => {
  if ((await execa('apt-get', ['--version'], { reject: false })).failed) skip('needs a Debian-like machine');
  const { exitCode, all } = await setUp({ LD_LIBRARY_PATH: await brokenLibrary('libatomic.so.1') });
  expect(all).toMatch(/^missing: libatomic\.so\.1\n {2}why .*LAB_INSTALL=0.*\n {2}mend {2}apt-get install/);
  for (const name of packages) expect(all).toContain(` ${name}`);
  expect(await readdir(project)).not.toContain('node_modules');
  expect(exitCode).toBe(3);
});

test('a Node that does not start says why, in its own words', async () => {
  await installed('');
  const { exitCode, all } = await setUp({ LD_LIBRARY_PATH: await brokenLibrary('libstdc++.so.6') });
  expect(all).toMatch(
    /^the project's own Node does not start\n {2}why .*libstdc\+\+\.so\.6.*\n {2}mend .*Node 24/,
  );
  expect(exitCode).toBe(3);
});
