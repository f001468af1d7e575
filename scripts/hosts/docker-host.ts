/** One host of Docker's: what is done in its two containers, and what needs another for a moment. */
import type { Container } from './docker-container.ts';
import type { ResolverFiles } from './docker-resolver.ts';
import { setSysctl } from './docker-sysctl.ts';
import type { Host } from './host.ts';
import { mainThread } from './main-thread.ts';

interface Where {
  readonly host: Container;
  readonly recorder: Container;
  readonly resolver: ResolverFiles;
  readonly image: string;
  /** The lab's. */
  readonly tag: string;
}

export function openHost(about: Pick<Host, 'name' | 'address' | 'links'>, where: Where): Host {
  const { host, recorder, resolver, image, tag } = where;
  return {
    ...about,
    program: (argv) => [
      ...mortal,
      'docker',
      'exec',
      '--interactive',
      '--workdir',
      '/run/echolab',
      host.name,
      ...environment,
      ...argv,
    ],
    recorder: (argv) => [...mortal, 'docker', 'exec', '--interactive', recorder.name, ...argv],
    terminal: (argv) => ['docker', 'exec', '--interactive', '--tty', recorder.name, ...argv],
    shell: (script) => recorder.shell.run(script),
    async take(path) {
      return Buffer.from(await host.shell.run(`cat ${path} && rm ${path}`), 'latin1');
    },
    async signal(_pid, signal) {
      await host.shell.run(withProgram(`kill -s ${signal.slice(3)} $programs 2>/dev/null`));
    },
    async doing() {
      return mainThread(await host.shell.run(withProgram('cat /proc/${programs##* }/status 2>/dev/null')));
    },
    file: (path, text) => resolver.place(path, text),
    undoFiles: () => resolver.undo(),
    sysctl: (name, value) => setSysctl(host, { name, value }, image, tag),
  };
}

/**
 * `docker exec` can hang for good if its container ends while it begins (seen with 20.10); so it shall not outlive the
 * lab. Not for `docker run`: killed at the wrong moment it would leave a container that never starts.
 */
const mortal = process.platform === 'linux' ? ['setpriv', '--pdeathsig', 'KILL'] : [];

/** The environment of the namespaces backend, whatever the image has set. */
const environment = [
  ...['env', '-i', 'LANG=C.UTF-8', 'HOME=/'],
  'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  'NODE_COMPILE_CACHE=/run/echolab/scratch/compiled',
];

/**
 * The process number of `docker exec` says nothing about the host's own. But a host runs one program at a time: it
 * is the child of its tracer; where nothing is traced, what `docker exec` started, which has no parent here. The
 * server's host also shows the processes of the recorder that made the link: they are another user's.
 */
const withProgram = (command: string): string => `
for try in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
  traced='' started=''
  for status in /proc/[0-9]*/status; do
    while read -r key value; do
      case $key in Pid:) pid=$value;; PPid:) parent=$value;; TracerPid:) tracer=$value;; Uid:) break;; esac
    done <$status 2>/dev/null && [ "\${value%%[!0-9]*}" = $UID ] || continue
    if [ $tracer != 0 ] && [ $tracer = $parent ]; then traced="$traced $pid"
    elif [ $parent = 0 ] && [ $pid != 1 ]; then started="$started $pid"; fi
  done
  programs=\${traced:-$started}
  [ -z "$programs" ] || { ${command}; break; }
  sleep 0.02
done`;
