/** What `make fresh` does on one machine, step by step: the order matters, for root installs what an ordinary user lacks. */
import { execa } from 'execa';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runOn, type Ended } from '../hosts/fresh-machine.ts';
import { lendCache } from '../hosts/fresh-npm-cache.ts';
import { refusalOf, summaryOf, type Row } from './fresh-table.ts';

export interface FreshMachine {
  /** The folder with its files. */
  readonly tree: string;
  /** A clone of the project. */
  readonly checkout: string;
  /** A cache of npm's, for root. */
  readonly npm: string;
  /** Where the output of failed steps is kept. */
  readonly logs: string;
  readonly limitMs: number;
  readonly say: (line: string) => void;
}

const student = 'student';
const homes = { root: 'root', [student]: `home/${student}` } as const;
type User = keyof typeof homes;

interface Step {
  readonly user: User;
  readonly command: 'make lab' | 'make test';
  readonly note?: string;
}

/** Gives what its output says, if that is what it should say. */
type Judge = (ended: Ended) => string | undefined;

const refuses: Judge = ({ output }) => refusalOf(output);
const passes: Judge = ({ exitCode, output }) => (exitCode === 0 ? summaryOf(output) : undefined);
const meets: Judge = (ended) => {
  const summary = passes(ended);
  return summary?.includes(' 0 unmet') === true ? summary : undefined;
};

export async function tryRelease(release: string, machine: FreshMachine): Promise<Row[]> {
  const { tree, checkout, npm } = machine;
  await execa('chroot', [tree, 'useradd', '--create-home', '--shell', '/bin/bash', student]);
  for (const home of Object.values(homes)) await execa('cp', ['-a', checkout, join(tree, home, 'echolab')]);
  await execa('chroot', [tree, 'chown', '-R', `${student}:`, `/${homes.student}`]);
  const cacheOf = (user: User) => join(tree, homes[user], '.npm');
  await mkdir(cacheOf('root'), { recursive: true });
  await execa('mount', ['--no-mtab', '--bind', npm, cacheOf('root')]);
  const rows: Row[] = [];
  const take = async (step: Step, judge: Judge) =>
    void rows.push(await takeStep(step, judge, release, machine));
  await take({ user: student, command: 'make lab', note: 'bare' }, refuses);
  await take({ user: 'root', command: 'make lab' }, meets);
  await take({ user: 'root', command: 'make test' }, passes);
  // With what root has downloaded.
  const { stdout: id } = await execa('chroot', [tree, 'id', '-u', student]);
  await lendCache(npm, `${tree}.npm`, cacheOf(student), `${id}:${id}`);
  await take({ user: student, command: 'make lab' }, meets);
  await take({ user: student, command: 'make test' }, passes);
  return rows;
}

async function takeStep(step: Step, judge: Judge, release: string, machine: FreshMachine): Promise<Row> {
  const { tree, logs, limitMs, say } = machine;
  const { user, note } = step;
  const command = note === undefined ? step.command : `${step.command}, ${note}`;
  say(`${release}: ${command}, as ${user}`);
  const log = join(logs, `${[release, user, ...command.split(/\W+/)].join('-')}.log`);
  await rm(log, { force: true }); // of another run
  const ended = await runOn(tree, { user, command: `cd echolab && ${step.command}`, log, limitMs });
  const judged = judge(ended);
  const green = judged !== undefined;
  const result = judged ?? summaryOf(ended.output) ?? lastLine(ended.output);
  const size = step.command === 'make lab' && note === undefined ? await megabytes(tree, user) : '';
  const { exitCode, seconds } = ended;
  say(`  ${green ? 'green' : 'RED'}, ${seconds.toFixed(0)} s: ${result}`);
  if (green) await rm(log, { force: true });
  return {
    ...{ release, user, command, exitCode, seconds, green, result: `${result}${size}` },
    ...(!green && { log }),
  };
}

async function megabytes(tree: string, user: User): Promise<string> {
  const folder = join(tree, homes[user], 'echolab/node_modules');
  const { stdout, failed } = await execa('du', ['-sm', folder], { reject: false });
  return failed ? '' : `, node_modules ${stdout.split('\t')[0] ?? '?'} MB`;
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';

/** What the release brought, and root's make lab installed. */
export async function versionsOn(tree: string): Promise<string> {
  const script = `strace -V | sed -n '1s/.*version /strace /p'; node -v | sed 's/^v/node /'; npm -v | sed 's/^/npm /'`;
  const { stdout } = await execa('chroot', [tree, 'sh', '-c', script], { reject: false });
  return stdout.split('\n').join(', ');
}
