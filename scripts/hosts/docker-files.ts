/**
 * What the hosts see of the project: the folder `lab/` and Node, read-only, at the paths of the namespaces backend.
 *
 * Where engine and lab share a file system, both are mounted. An engine elsewhere (DOCKER_HOST, Docker Desktop, a
 * lab inside a container) has no such files or, worse, other files of the same name: then `lab/` is
 * copied through a pipe into memory of the container, and the Node of the image is used.
 */
import { execa } from 'execa';
import { stat } from 'node:fs/promises';
import type { Container } from './docker-container.ts';

const base = '/run/echolab';
export const scratch = `${base}/scratch`;
const lab = `${base}/lab`;

export interface Files {
  /** Words of `docker run`. */
  readonly mounts: readonly string[];
  /** More of them, for the hosts alone. */
  readonly forPrograms: readonly string[];
  /** Fills a container that has them; gives the path of its Node; undefined: its files are not ours, or it has no Node. */
  place(container: Container): Promise<string | undefined>;
}

export const mount = (source: string, target: string) => [
  '--mount',
  `type=bind,source=${source},target=${target},readonly`,
];
const memory = (target: string, options: string) => ['--tmpfs', `${target}:${options}`];

export const scratchMount = memory(scratch, 'mode=1777');

/** By mounts; only worth a try where the engine may share our files. */
export function mountedFiles(source: { lab: string; node: string }, forPrograms: readonly string[]): Files {
  const node = `${base}/node`;
  return {
    mounts: [...mount(source.lab, lab), ...mount(source.node, node), ...scratchMount],
    forPrograms,
    async place({ shell }) {
      const ours = await Promise.all([source.lab, source.node].map((path) => stat(path)));
      const theirs = await shell.run(`stat -Lc %d:%i ${lab} ${node}`);
      if (theirs.trim() !== ours.map(({ dev, ino }) => `${dev}:${ino}`).join('\n')) return undefined;
      // A checkout may be its owner's alone.
      const readable = await shell.run(`cat ${lab}/*/*.ts >/dev/null && test -x ${node} && echo yes || true`);
      return readable.endsWith('yes\n') ? node : undefined;
    },
  };
}

/** By a copy in memory, which ends with the container, and the Node of the image. */
export function copiedFiles(source: { lab: string }): Files {
  return {
    mounts: [...memory(lab, 'mode=755'), ...scratchMount],
    forPrograms: [],
    async place({ name, shell }) {
      await send(name, lab, source.lab);
      const [node = ''] = (await shell.run('command -v node || true')).split('\n');
      return node === '' ? undefined : node;
    },
  };
}

/** As root without capabilities: the user of the programs may read the copy, not change it. */
async function send(container: string, target: string, folder: string): Promise<void> {
  // macOS would add a file ._x to each x.
  const tar = execa('tar', ['-c', '-C', folder, '.'], {
    env: { COPYFILE_DISABLE: '1' },
    buffer: { stdout: false },
    stdin: 'ignore',
  });
  const unpack = `tar -x --no-same-owner -C ${target}; chmod -R a+rX ${target}`;
  const args = ['exec', '--interactive', '--user', '0:0', container, 'sh', '-ec', unpack];
  await tar.pipe('docker', args);
}
