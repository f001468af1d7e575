/** One host of Docker's: what is done in its two containers, and what needs another for a moment. */
import { execa } from 'execa';
import type { Container } from './docker-container.ts';
import { compiled } from './docker-compiled.ts';
import type { ResolverFiles } from './docker-resolver.ts';
import type { Sysctls } from './docker-sysctl.ts';
import type { Host } from './host.ts';
import { mainThread } from './main-thread.ts';
import { openSlots, type Slots } from './slot.ts';

interface Where {
  readonly host: Container;
  readonly recorder: Container;
  readonly resolver: ResolverFiles;
  readonly sysctls: Sysctls;
  readonly slots: Slots;
}

export function openHost(about: Pick<Host, 'name' | 'address' | 'links'>, where: Where): Host {
  const { host, recorder, resolver, sysctls, slots } = where;
  return {
    ...about,
    program: (argv) => [...execIn(host, '--workdir', workingFolder), ...environment, ...argv],
    start: (argv, followed) => slots.start([...environment, ...argv], followed),
    follow: (tracer) => slots.follow(tracer),
    recorder: (argv) => [...execIn(recorder), ...argv],
    terminal: (argv) => ['docker', 'exec', '--interactive', '--tty', recorder.name, ...argv],
    shell: (script) => recorder.shell.run(script),
    async take(path) {
      return Buffer.from(await host.shell.run(`cat ${path} && rm ${path}`), 'latin1');
    },
    async read(path, from, length) {
      // As the programs' user, who may have put anything at the path. Not by the shell, whose answers have no zeros.
      const part = [
        'iflag=skip_bytes,count_bytes',
        `skip=${from}`,
        `count=${length}`,
        'bs=1M',
        'status=none',
      ];
      const [file = '', ...args] = [...execIn(host), 'timeout', '10', 'dd', `if=${path}`, ...part];
      return Buffer.from((await execa(file, args, { encoding: 'buffer', stdin: 'ignore' })).stdout);
    },
    async signal(pid, signal, traced) {
      await host.shell.run(`${find(pid, traced)}\n[ -z "$program" ] || kill -s ${signal.slice(3)} $program`);
    },
    async doing(pid, traced) {
      return mainThread(await host.shell.run(`${find(pid, traced)}\ncat /proc/$program/status || true`));
    },
    file: (path, text) => resolver.place(path, text),
    undoFiles: () => resolver.undo(),
    sysctl: (name, value) => sysctls.set(name, value),
  };
}

/** The slots for the programs of a host; their bash has the programs' working folder. */
export const openSlotsIn = (host: Container): Slots =>
  openSlots((announce) => [
    ...execIn(host, '--workdir', workingFolder),
    ...['sh', '-c', `${announce}; exec "$@"`, 'sh', 'bash', '--noprofile', '--norc'],
  ]);

const workingFolder = '/run/echolab';

const execIn = ({ name }: Container, ...options: string[]): string[] => [
  ...mortal,
  ...['docker', 'exec', '--interactive', ...options, name],
];

/**
 * `docker exec` can hang for good if its container ends while it begins (seen with 20.10); so it shall not outlive the
 * lab. Not for `docker run`: killed at the wrong moment it would leave a container that never starts.
 */
const mortal = process.platform === 'linux' ? ['setpriv', '--pdeathsig', 'KILL'] : [];

/** The environment of the namespaces backend, whatever the image has set. */
const environment = [
  ...['env', '-i', 'LANG=C.UTF-8', 'HOME=/'],
  'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  `NODE_COMPILE_CACHE=${compiled}`,
];

/** Sets `program`: the process itself, or the child of a tracer, which it may not have yet. */
const find = (pid: number, traced: boolean): string =>
  traced
    ? `program=''
for try in {1..50}; do
  { read -r program _ </proc/${pid}/task/${pid}/children; } 2>/dev/null
  [ -z "$program" ] && [ -e /proc/${pid} ] || break
  sleep 0.01
done`
    : `program=${pid}`;
