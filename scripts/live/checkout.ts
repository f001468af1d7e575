/**
 * The checkout as somebody has it who types README's commands: the machine's own Node comes first in PATH, and whatever the
 * commands write, traces/latest above all, is written over the checkout in memory, in a mount namespace that goes away.
 */
import { execa } from 'execa';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectFolder } from '../cli/project.ts';

export interface Ran {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** Both, as a terminal shows them. */
  readonly all: string;
}

export interface Running {
  readonly ended: Promise<Ran>;
  /** Resolves with the first piece of output that fits; rejects if it ends without. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  /** To all of its processes, as a terminal sends SIGINT at Ctrl-C. */
  signal(name: NodeJS.Signals): void;
}

export interface Checkout extends AsyncDisposable {
  /** The user's home, a folder outside of the checkout. */
  readonly home: string;
  /** Starts a script of sh in the checkout's folder. What still runs at disposal is ended. */
  start(script: string, options?: { input?: string }): Running;
  /** Runs one to its end. */
  run(script: string, options?: { input?: string }): Promise<Ran>;
}

/** For root. @param network `own`: no other than a loopback interface, where every port is free */
export async function privateCheckout(network: 'machine' | 'own' = 'machine'): Promise<Checkout> {
  const home = await mkdtemp(join(tmpdir(), 'echolab-home-'));
  const own = network === 'own' ? ['--net'] : [];
  const holder = execa('unshare', ['--mount', ...own, 'sh', '-euc', overlay, home, projectFolder, ...own], {
    ...{ stdin: 'pipe', buffer: false, reject: false },
  });
  let said = '';
  holder.stderr.on('data', (text: Buffer) => (said += text.toString()));
  await Promise.race([
    once(holder.stdout, 'data'),
    holder.then(() => Promise.reject(new Error(`no private checkout: ${said}`))),
  ]);
  const spaces = [`--target=${holder.pid}`, '--mount', ...own];
  const running = new Set<Running>();

  const start: Checkout['start'] = (script, options = {}) => {
    const there = ['sh', '-c', 'cd "$0"\neval "$1"', projectFolder, script];
    // Detached: a process group of its own.
    const process = execa('nsenter', [...spaces, ...there], {
      ...{ ...options, env: typing(home), all: true, reject: false, detached: true },
      ...(options.input === undefined && { stdin: 'ignore' }),
    });
    let written = '';
    process.all.on('data', (text: Buffer) => (written += text.toString()));
    const one: Running = {
      ended: process.then(({ exitCode, stdout, stderr, all }) => {
        running.delete(one);
        return { exitCode, stdout, stderr, all };
      }),
      async printed(pattern) {
        for (;;) {
          const found = pattern.exec(written);
          if (found) return found;
          const over = await Promise.race([
            once(process.all, 'data').then(() => false),
            process.then(() => true),
          ]);
          if (over && !pattern.test(written))
            throw new Error(`${script} never printed ${pattern}:\n${written}`);
        }
      },
      signal(name) {
        if (process.pid !== undefined) globalThis.process.kill(-process.pid, name);
      },
    };
    running.add(one);
    return one;
  };

  return {
    home,
    start,
    run: (script, options) => start(script, options).ended,
    async [Symbol.asyncDispose]() {
      const left = [...running];
      for (const one of left) one.signal('SIGKILL');
      await Promise.all(left.map(({ ended }) => ended));
      holder.stdin.end();
      await holder;
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** The environment of somebody at a terminal of this machine, outside of `make test`. */
const typing = (home: string): Record<string, string | undefined> => ({
  ...{ HOME: home, LAB_BACKEND: process.env['LAB_BACKEND'] ?? 'namespaces' },
  PATH: (process.env['PATH'] ?? '')
    .split(':')
    .filter((folder) => !folder.startsWith(projectFolder))
    .join(':'),
  ...{ NODE_OPTIONS: undefined, NODE_COMPILE_CACHE: undefined },
  ...{ MAKEFLAGS: undefined, MFLAGS: undefined, MAKELEVEL: undefined, TEST: undefined, TEST_ARGS: undefined },
});

/** `$0` a folder, `$1` the checkout, `$2` whether the network is new. It ends with its standard input. --no-mtab: mount(8) would make /run/mount. */
const overlay = `
mount --no-mtab -t tmpfs echolab "$0"
mkdir "$0/changed" "$0/work"
mount --no-mtab -t overlay echolab -o "lowerdir=$1,upperdir=$0/changed,workdir=$0/work" "$1"
umount --no-mtab -l "$0"
[ $# = 1 ] || ip link set lo up
echo ready
exec cat`;
