/** For the live tests: runs the real command line, as root or as an ordinary user, and reads what it left. */
import { execa } from 'execa';
import { existsSync } from 'node:fs';
import {
  chmod,
  chown,
  cp,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'vitest';
import { z } from 'zod';
import { mainFile, projectFolder } from '../cli/project.ts';
import { Run } from '../model/run.ts';
import { Verdict } from '../model/verdict.ts';
import { inState, type State } from './state.ts';
import { skipAloud } from './tools.ts';

/** An id without an entry in /etc/passwd and without any right. */
const ordinaryUser = 12_345;

export const isRoot = process.getuid?.() === 0;

export function needsRoot(context: TestContext): void {
  if (!isRoot) skipAloud(context, 'it needs root');
}

/** A folder that goes away at the end of the scope. */
export async function scratch(): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'echolab-test-'));
  await chmod(path, 0o755);
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

export interface Lab {
  readonly exitCode: number | undefined;
  readonly output: string;
  readonly errors: string;
  /** The run's folder, if it was finished. */
  readonly folder: string;
  readonly verdicts: readonly Verdict[];
  /** How deep the kernel recorder saw. */
  readonly tier: Tier;
}

type Tier = NonNullable<Run['kernel']>['tier'];

/** The command line of `echolab ARGS` on a machine in this state. */
export const echolab = (
  args: readonly string[],
  state: State = {},
  node = process.execPath,
): [file: string, args: string[]] => {
  const [file = '', ...rest] = [...inState(state), node, mainFile, ...args];
  return [file, rest];
};

/** `echolab lab ARGS`, its runs kept in `traces`; in namespaces, unless the test has set LAB_BACKEND. */
export async function lab(
  traces: string,
  args: readonly string[] = [],
  state?: State,
  node?: string,
): Promise<Lab> {
  const result = await execa(...echolab(['lab', '--traces', traces, ...args], state, node), {
    env: { LAB_BACKEND: process.env['LAB_BACKEND'] ?? 'namespaces' },
    reject: false,
  });
  return outcome(traces, result);
}

/** The same as an ordinary user, who has no HOME, from a copy of the project that this user can reach. */
export async function labAsOrdinaryUser(
  folder: string,
  args: readonly string[] = [],
  state: State = {},
): Promise<Lab> {
  const copy = join(folder, 'project');
  const traces = join(folder, 'traces');
  await mkdir(copy);
  for (const part of ['lab', 'scripts', 'package.json']) {
    await cp(join(projectFolder, part), join(copy, part), { recursive: true });
  }
  await mkdir(join(copy, 'node_modules'));
  // Programs are bound into the lab's namespaces, so Node may stay where root alone can reach it only if copied.
  for (const name of await dependenciesOf(projectFolder)) {
    await cp(join(projectFolder, 'node_modules', name), join(copy, 'node_modules', name), {
      recursive: true,
    });
  }
  await symlink('../scripts/strace-parser', join(copy, 'node_modules/strace-parser'));
  await cp(process.execPath, join(copy, 'node'));
  await execa('chmod', ['-R', 'a+rX', copy]);
  await mkdir(traces);
  await chown(traces, ordinaryUser, ordinaryUser);
  const id = String(ordinaryUser);
  const asUser = ['setpriv', '--reuid', id, '--regid', id, '--clear-groups'];
  const [file = '', ...words] = [
    ...[...inState(state), ...asUser, join(copy, 'node'), join(copy, 'scripts/cli/main.ts')],
    ...['lab', '--traces', traces, ...args],
  ];
  const result = await execa(file, words, {
    ...{ reject: false, cwd: copy, extendEnv: false },
    env: { PATH: '/usr/bin:/bin', LAB_BACKEND: 'namespaces' },
  });
  return outcome(traces, result);
}

async function outcome(
  traces: string,
  { exitCode, stdout, stderr }: { exitCode?: number; stdout: string; stderr: string },
): Promise<Lab> {
  const latest = join(traces, 'latest');
  const text = await readFile(join(latest, 'verdicts.json'), 'utf8').catch(() => '[]');
  const verdicts = z.array(Verdict).parse(JSON.parse(text));
  const run = await readFile(join(latest, 'run.json'), 'utf8').then(
    (json) => Run.parse(JSON.parse(json)),
    () => undefined, // a lab that failed has left none
  );
  const tier = run?.kernel?.tier ?? 'none';
  return { exitCode, output: stdout, errors: stderr, folder: latest, verdicts, tier };
}

const Package = z.object({
  dependencies: z.record(z.string(), z.string()).default({}),
  optionalDependencies: z.record(z.string(), z.string()).default({}),
});

/** Every package that the one in the folder needs to run, as far as it is installed; the workspace's own stays away. */
async function dependenciesOf(folder: string, seen = new Set<string>()): Promise<Set<string>> {
  const text = await readFile(join(folder, 'package.json'), 'utf8');
  const { dependencies, optionalDependencies } = Package.parse(JSON.parse(text));
  // Of the project's own optional ones, Node for each platform, none: the copy has this Node.
  const names = [
    ...Object.keys(dependencies),
    ...(folder === projectFolder ? [] : Object.keys(optionalDependencies)),
  ];
  for (const name of names) {
    const there = join(projectFolder, 'node_modules', name);
    if (seen.has(name) || name === 'strace-parser' || !existsSync(there)) continue;
    seen.add(name);
    await dependenciesOf(there, seen);
  }
  return seen;
}

/** A text that must be there, and what stands in its place. */
export type Replacement = readonly [text: string, by: string];

/** A copy of lab/ with these files changed. */
export async function changedPrograms(
  folder: string,
  changes: readonly { file: string; replace: readonly Replacement[] }[],
): Promise<string> {
  const copy = join(folder, 'programs');
  await cp(join(projectFolder, 'lab'), copy, { recursive: true });
  for (const { file, replace } of changes) {
    const path = join(copy, file);
    let source = await readFile(path, 'utf8');
    for (const [text, by] of replace) {
      if (!source.includes(text)) throw new Error(`${file} does not hold: ${text}`);
      source = source.replace(text, by);
    }
    await writeFile(path, source);
  }
  return copy;
}

export const unmet = ({ verdicts }: Lab): string[] =>
  verdicts.filter(({ verdict }) => verdict === 'unmet').map(({ claim, variant }) => `${claim} ${variant}`);

/** Claims that the kernel recorder alone can prove, by how deep it must see for them. */
const byStacks = ['tcp-stack', 'udp-stack', 'write-path', 'read-path', 'recvfrom-path'];
export const byCounts = ['tcp-many', 'udp-few'];

/** Those of them that a kernel recorder of this tier cannot decide. */
export const beyond = ({ tier }: Pick<Lab, 'tier'>): string[] => {
  if (tier === 'none') return [...byStacks, ...byCounts];
  return tier === 'stacks' ? byCounts : [];
};

/** Claim, variant and verdict of each, for comparing runs. */
export const summary = ({ verdicts }: Lab): string[] =>
  verdicts.map(({ claim, variant, stance, verdict }) => `${claim} ${variant} ${stance} ${verdict}`);

export const runsIn = (traces: string): Promise<string[]> => readdir(join(traces, 'local'));
