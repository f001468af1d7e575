/** A lab that is killed at any moment leaves nothing. */
import { execa } from 'execa';
import { readFile, readdir, readlink } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { mainFile } from '../cli/project.ts';
import { patient } from '../record/until.ts';
import { lab, needsRoot, scratch } from './lab.ts';
import { needsLog } from './tools.ts';

test('root: kill -9 at ten random moments', async (context) => {
  needsRoot(context);
  await needsLog(context);
  const linksBefore = await links();
  await using folder = await scratch();
  const moments: number[] = [];
  for (let n = 0; n < 10; n += 1) {
    const outer = execa(process.execPath, [mainFile, 'lab', '--traces', folder.path], {
      reject: false,
      stdio: 'ignore',
      env: { LAB_BACKEND: 'namespaces' },
    });
    const ms = 50 + Math.random() * 2000;
    moments.push(Math.round(ms));
    await pause(ms);
    const family = await descendants(outer.pid ?? 0);
    const spaces = await Promise.all(family.map(pidNamespace));
    outer.kill('SIGKILL');
    await outer;
    const own = await pidNamespace(process.pid);
    const theirs = new Set(spaces.filter((space) => space !== undefined && space !== own));
    // What holds the switch for LOG lives on the lab's pipe, and puts it back before it ends.
    const until = performance.now() + patient(2000);
    let left = await survivors(family, theirs);
    for (; left.length > 0 && performance.now() < until; left = await survivors(family, theirs))
      await pause(20);
    expect(left, `after a kill at ${ms} ms`).toEqual([]);
    expect(await links()).toEqual(linksBefore);
  }
  expect(moments).toHaveLength(10);
  // The next lab out puts the switch back: live/unchanged.ts holds this file to it.
  const next = await lab(folder.path, ['--lesson', 'echo']);
  expect(next.exitCode, next.errors).toBe(0);
});

const links = async () => (await execa('ip', ['-br', 'link'])).stdout.replaceAll(/\s+/g, ' ');

async function descendants(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  const children = text.trim().split(' ').filter(Boolean).map(Number);
  return [...children, ...(await Promise.all(children.map(descendants))).flat()];
}

const pidNamespace = (pid: number) => readlink(`/proc/${pid}/ns/pid`).catch(() => undefined);

/** Those that still run, and whatever else lives in their process namespaces. */
async function survivors(
  family: readonly number[],
  spaces: ReadonlySet<string | undefined>,
): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const found: string[] = [];
  for (const pid of pids) {
    const space = await pidNamespace(pid);
    if (family.includes(pid) || (space !== undefined && spaces.has(space))) {
      found.push(await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''));
    }
  }
  return found.filter((command) => command !== '');
}
