/**
 * The checkout as somebody has it who types README's commands: the machine's own Node comes first in PATH, and whatever the
 * commands write, traces/latest above all, is written over the checkout in memory, in a mount namespace that goes away.
 */
import { execa, type Options } from 'execa';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectFolder } from '../cli/project.ts';

export interface Ran {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Checkout extends AsyncDisposable {
  /** The user's home, a folder outside of the checkout. */
  readonly home: string;
  /** The command line that runs a script of sh in the checkout's folder. */
  argv(script: string): [string, ...string[]];
  /** Runs such a script to its end. */
  run(script: string, options?: { input?: string }): Promise<Ran>;
}

/** For root. The checkout is everywhere where it is on disk; only in there it may be changed. */
export async function privateCheckout(): Promise<Checkout> {
  const home = await mkdtemp(join(tmpdir(), 'echolab-home-'));
  const holder = execa('unshare', ['--mount', 'sh', '-euc', overlay, home, projectFolder], {
    ...{ stdin: 'pipe', buffer: false, reject: false },
  });
  let said = '';
  holder.stderr.on('data', (text: Buffer) => (said += text.toString()));
  await new Promise<void>((resolve, reject) => {
    holder.stdout.once('data', () => resolve());
    void holder.then(() => reject(new Error(`no private checkout: ${said}`)));
  });
  const argv = (script: string): [string, ...string[]] => [
    ...(['nsenter', `--mount=/proc/${holder.pid}/ns/mnt`, 'sh', '-c'] as const),
    ...['cd "$0"\neval "$1"', projectFolder, script],
  ];
  const groups = new Set<number | undefined>();
  return {
    home,
    argv,
    async run(script, options = {}) {
      const [file, ...args] = argv(script);
      // A process group of its own, so that what a test leaves running can be ended as a whole.
      const running = execa(file, args, {
        ...{ ...options, ...typing(home), reject: false, detached: true },
        ...(options.input === undefined && { stdin: 'ignore' }),
      });
      groups.add(running.pid);
      const { exitCode, stdout, stderr } = await running;
      groups.delete(running.pid);
      return { exitCode, stdout, stderr };
    },
    async [Symbol.asyncDispose]() {
      for (const group of groups) if (group !== undefined) process.kill(-group, 'SIGKILL');
      holder.stdin.end();
      await holder;
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** The environment of somebody at a terminal of this machine, outside of `make test`. */
export const typing = (home: string): Pick<Options, 'env'> => ({
  env: {
    ...{ HOME: home, LAB_BACKEND: process.env['LAB_BACKEND'] ?? 'namespaces' },
    PATH: (process.env['PATH'] ?? '')
      .split(':')
      .filter((folder) => !folder.startsWith(projectFolder))
      .join(':'),
    ...{ NODE_OPTIONS: undefined, NODE_COMPILE_CACHE: undefined },
    ...{ MAKEFLAGS: undefined, MFLAGS: undefined, MAKELEVEL: undefined },
  },
});

/** `$0` a folder, `$1` the checkout. It ends with its standard input. */
const overlay = `
mount -t tmpfs echolab "$0"
mkdir "$0/changed" "$0/work"
mount -t overlay echolab -o "lowerdir=$1,upperdir=$0/changed,workdir=$0/work" "$1"
umount -l "$0"
echo ready
exec cat`;
