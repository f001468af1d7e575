/**
 * The kernel's tracer of the engine's machine, through a container that sees its instances and nothing else of it.
 *
 * Its process 1 makes them, and removes them when it ends: with its input, so also when the lab is killed. What a
 * crash of the engine leaves, the next lab removes (tracefs.ts).
 */
import { getSystemErrorMap } from 'node:util';
import { startContainer, type Role } from './docker-container.ts';
import { CannotRun, type Obstacle } from './host.ts';
import { quote } from './process.ts';
import type { Shell } from './shell.ts';
import { instancePrefix, usualTracefs, type Instance, type Tracefs } from './tracefs.ts';

/** Not below /sys, where the engine's AppArmor profile forbids to write. */
const instances = '/run/instances';

/**
 * Uid 0 owns the files of tracefs, so that it needs no capability to write them. The folder of the instances is all that it
 * sees: not the machine's own tracer, nor its probes.
 */
export const tracerRole: Role = {
  user: '0:0',
  capabilities: [],
  network: 'none',
  more: ['--mount', `type=bind,source=${usualTracefs}/instances,target=${instances}`],
};

/** Blocks of some kilobytes each: as much as is taken at once, while more comes. */
const mostBlocks = 512;

/** The names of the open markers, by which the kernel knows that an instance is in use. */
const begin = `
declare -A markers
open() { # another lab's sweep may remove one before it is open
  for try in 1 2 3 4 5; do
    mkdir "$1" || return
    { exec {marker}>"$1/trace_marker"; } 2>/dev/null && markers[$1]=$marker && return
  done
  return 1
}
close() { marker=\${markers[$1]}; unset "markers[$1]"; exec {marker}>&-; rmdir "$1" 2>/dev/null; true; }
trap 'for one in "\${!markers[@]}"; do close "$one"; done' EXIT
test -w ${instances} || { echo ${instances}: $(id -u) may not write there; false; } && cat /proc/sys/kernel/osrelease`;

export interface DockerTracefs extends Tracefs, AsyncDisposable {
  /** Rejects when the container ends before it is asked to. */
  readonly broken: Promise<never>;
}

export async function openDockerTracefs(image: string, tag: string): Promise<DockerTracefs | Obstacle> {
  try {
    await using stack = new AsyncDisposableStack();
    const container = stack.use(await startContainer(`echolab-${tag}-tracer`, tracerRole, image, tag));
    const { shell } = container;
    const kernel = (await shell.run(begin)).trim();
    const kept = stack.move();
    return {
      kernel,
      broken: shell.broken,
      async open(name) {
        const folder = `${instances}/${instancePrefix}${name}`;
        await shell.run(`open ${folder}`);
        return openInstance(shell, folder);
      },
      async sweep() {
        const each = 'rmdir "$one" 2>/dev/null && echo "${one##*/}"';
        const removed = await shell.run(`for one in ${instances}/${instancePrefix}*; do ${each}; done; true`);
        return removed.split('\n').filter((name) => name !== '');
      },
      [Symbol.asyncDispose]: () => kept.disposeAsync(),
    };
  } catch (error) {
    const why = error instanceof CannotRun ? error.obstacle.why : String(error);
    return {
      what: 'the kernel’s tracer cannot be used through this engine',
      why,
      mend: `an engine of root’s, not rootless, not Docker Desktop, on a machine with tracefs (mount -t tracefs none ${usualTracefs})`,
    };
  }
}

function openInstance(shell: Shell, folder: string): Instance {
  const run = (script: string) => shell.run(script).catch(withCode);
  // Without O_CREAT, which a file that is not there would answer with EACCES.
  const write = (way: '>' | '>>', file: string, value: string) =>
    run(`stat ${folder}/${file} >/dev/null && printf %s ${quote(value)} ${way}${folder}/${file}`);
  return {
    async set(file, value) {
      await write('>', file, value);
    },
    async add(file, value) {
      await write('>>', file, value);
    },
    get: (file) => run(`cat ${folder}/${file}`),
    perProcessor: (file) => run(`cat ${folder}/per_cpu/*/${file}`),
    async mark(text) {
      // bash's EPOCHREALTIME: seconds with six decimals, cut.
      const said = await run(
        `b=$EPOCHREALTIME; echo ${quote(text)} >&"\${markers[${folder}]}"; echo $b $EPOCHREALTIME`,
      );
      const [before = 0n, after = 0n] = said
        .trim()
        .split(' ')
        .map((one) => BigInt(one.replace(/[.,]/, '')) * 1000n);
      return { before, after: after + 999n };
    },
    // It ends where there is no more (EAGAIN).
    drain: () =>
      run(
        `dd if=${folder}/trace_pipe iflag=nonblock ibs=64k obs=1M count=${mostBlocks} status=none 2>/dev/null || true`,
      ),
    async [Symbol.asyncDispose]() {
      await run(`close ${folder}`);
    },
  };
}

/** `bash: line 7: /run/…: Operation not permitted`: the code is wanted, as Node gives it for its own files. */
function withCode(error: unknown): never {
  if (!(error instanceof Error)) throw error;
  const said = error.message.trim().toLowerCase();
  const code = [...getSystemErrorMap().values()].find(([, text]) => said.endsWith(text))?.[0];
  throw code === undefined ? error : Object.assign(new Error(error.message, { cause: error }), { code });
}
