/** `echolab fresh`: README's two commands on Debian as it comes, as root and as an ordinary user. */
import { execa } from 'execa';
import { constants } from 'node:os';
import { CannotRun } from '../hosts/host.ts';
import { releases, type Release } from '../hosts/fresh-tree.ts';
import { differences, lookAtMachine } from '../hosts/machine.ts';
import { keepNfLogFolder } from '../record/nf-log.ts';
import { restoreNfLog } from '../record/nf-log.ts';
import type { FreshPlan } from './fresh-inside.ts';
import { install } from './prepare.ts';
import { mainFile } from './project.ts';
import { Ended, readFlags, UsageError } from './usage.ts';

const help = `echolab fresh [RELEASE…] [--minutes N] [--anew]       (make fresh RELEASE=trixie)

  Runs make lab and make test, of the last commit, on Debian releases that hold nothing but npm, its Node and make: on
  the bare machine as an ordinary user, who must be told what is missing; then as root; then as an ordinary user.

  RELEASE       ${releases.join(' or ')}; both by default
  --minutes N   the limit for each command; 60 by default
  --anew        make the file trees of the releases again

Takes root, about 2 GB of memory, and a quarter of an hour for each release on an idle machine. Downloads, the first
time, 100 MB for a release, by debootstrap (which it installs if it is missing, LAB_INSTALL=0 forbids that), and keeps
400 MB of each in node_modules/.cache/fresh.
The releases run on this machine's kernel and network. Exit code 0 where everything was met and passed, else 1.
`;

export async function run(args: string[]): Promise<number> {
  const options = {
    minutes: { type: 'string', default: '60' },
    anew: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  } as const;
  const { values, positionals } = readFlags(args, options, true);
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  const limitMs = Number(values.minutes) * 60_000;
  if (!(limitMs > 0))
    throw new UsageError(`--minutes must be a number of minutes above 0, got '${values.minutes}'`);
  await prepareFresh();
  const plan: FreshPlan = { releases: chooseReleases(positionals), limitMs, anew: values.anew };
  const before = await lookAtMachine();
  const exitCode = await runInside(plan);
  const changes = differences(before, await lookAtMachine());
  process.stdout.write(
    changes.length === 0
      ? 'this machine: unchanged\n'
      : `this machine:\n${changes.map((line) => `  ${line}\n`).join('')}`,
  );
  return exitCode;
}

function chooseReleases(names: readonly string[]): Release[] {
  return names.length === 0
    ? [...releases]
    : names.map((name) => {
        const found = releases.find((release) => release === name);
        if (found !== undefined) return found;
        throw new UsageError(`RELEASE must be ${releases.join(' or ')}, got '${name}'`);
      });
}

/** @throws CannotRun */
async function prepareFresh(): Promise<void> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    throw new CannotRun({
      what: 'no machine can be made here',
      why: 'debootstrap and the mounts of a machine take root on Linux',
      mend: 'as root: make fresh',
    });
  await install(['debootstrap', 'git'], ['debootstrap', 'git']);
}

/** In namespaces of its own: whatever it mounts and starts ends with it. */
async function runInside(plan: FreshPlan): Promise<number> {
  await using _ = await keepNfLogFolder();
  const own = ['--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];
  const argv = ['unshare', ...own, process.execPath, mainFile, 'fresh-inside', JSON.stringify(plan)];
  const inside = execa('setpriv', ['--pdeathsig', 'KILL', ...argv], { stdio: 'inherit', reject: false });
  let stopped: NodeJS.Signals | undefined;
  const stop = (signal: NodeJS.Signals) => {
    stopped = signal;
    inside.kill('SIGKILL');
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  const { exitCode } = await inside;
  await restoreNfLog(); // a lab that was stopped with it could not
  if (stopped !== undefined) throw new Ended(128 + constants.signals[stopped]);
  if (exitCode !== 0 && exitCode !== 1) throw new Ended(exitCode ?? 70); // it has said why
  return exitCode;
}
