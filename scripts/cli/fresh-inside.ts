/** `echolab fresh-inside PLAN`: the part of `fresh` that runs in its own namespaces, as their process 1. */
import { execa } from 'execa';
import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { openTree } from '../hosts/fresh-machine.ts';
import { connect } from '../hosts/fresh-network.ts';
import { lendCache, npmCache } from '../hosts/fresh-npm-cache.ts';
import { CannotRun } from '../hosts/host.ts';
import { makeTree, releases } from '../hosts/fresh-tree.ts';
import { tryRelease, versionsOn } from './fresh-steps.ts';
import { renderTable, type Row } from './fresh-table.ts';
import { projectFolder } from './project.ts';

export const FreshPlan = z.object({
  releases: z.array(z.enum(releases)),
  /** For each command. */
  limitMs: z.number(),
  /** Trees that are kept are made again. */
  anew: z.boolean(),
});
export type FreshPlan = z.infer<typeof FreshPlan>;

const kept = join(projectFolder, 'node_modules/.cache/fresh');
const memory = join(kept, 'memory');
const logs = join(kept, 'logs');
const checkout = join(memory, 'checkout');
const npm = join(memory, 'npm');
const archiveOf = (release: string) => join(kept, `${release}.tar`);

export async function run([text = '{}']: string[]): Promise<number> {
  const plan = FreshPlan.parse(JSON.parse(text));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(130));
  await mkdir(logs, { recursive: true });
  await using _ = await openTree(memory);
  await clone();
  await lendCache(await npmCache(), join(memory, 'cache'), npm);
  const rows: Row[] = [];
  const versions = new Map<string, string>();
  // Trees first: what cannot be made is said before a quarter of an hour has gone.
  for (const release of plan.releases) {
    if (plan.anew) await rm(archiveOf(release), { force: true });
    if (existsSync(archiveOf(release))) continue;
    say(`${release}: making its file tree with debootstrap, kept as ${archiveOf(release)}`);
    await makeTree(release, archiveOf(release), join(memory, 'making'), join(logs, `${release}.log`));
  }
  for (const release of plan.releases) {
    const tree = join(memory, release);
    await using _ = await openTree(tree);
    await execa('tar', ['--numeric-owner', '-C', tree, '-xf', archiveOf(release)]);
    await connect(tree);
    const machine = { tree, checkout, npm, logs, say, limitMs: plan.limitMs };
    rows.push(...(await tryRelease(release, machine)));
    versions.set(release, await versionsOn(tree));
  }
  process.stdout.write(renderTable(rows, versions));
  return rows.every(({ green }) => green) ? 0 : 1;
}

const say = (line: string) => void process.stderr.write(`${line}\n`);

/** Of the last commit, as somebody else would get it. */
async function clone(): Promise<void> {
  const git = async (...args: string[]) => {
    const { failed, stdout, stderr } = await execa('git', args, { reject: false });
    if (!failed) return stdout;
    throw new CannotRun({
      what: 'the checkout cannot be cloned',
      why: stderr.trim().split('\n')[0] ?? 'git does not say',
      mend: 'run it in a clone that git(1) accepts as root',
    });
  };
  const changes = await git('-C', projectFolder, 'status', '--porcelain');
  if (changes !== '') say(`the last commit is tried, without ${changes.split('\n').length} changed files`);
  await git('clone', '--quiet', '--no-hardlinks', projectFolder, checkout);
}
