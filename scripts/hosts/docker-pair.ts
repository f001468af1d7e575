/**
 * A pair of hosts in containers: client and server with nothing in them but the programs, and for each a recorder
 * beside it that lives in the same network and may look at its interfaces and rules.
 *
 * The hosts are started without any network of Docker's. The client's recorder, which sees the server's processes,
 * joins the two by a veth pair, as the namespaces backend does. So there is no bridge in the packets' way, the
 * machine gets no interface, address or route, every pair is 10.0.0.1 and 10.0.0.2 whatever networks the
 * engine or the machine have, and nothing of it outlives the containers.
 */
import { programUser, startContainer, type Container, type Role } from './docker-container.ts';
import type { Files } from './docker-files.ts';
import { scratch } from './docker-files.ts';
import type { Host, Pair } from './host.ts';

export interface OpenedPair extends AsyncDisposable {
  readonly pair: Pair;
  /** Those that hold the project's files: the hosts first, then their recorders. */
  readonly containers: readonly Container[];
}

/** The role of a host: no capability, no network but the link. */
export const hostRole = (files: Files): Role => ({
  user: programUser,
  capabilities: [],
  network: 'none',
  more: [...files.mounts],
});

/**
 * The role of a recorder. NET_ADMIN: rules, NFLOG, addresses; NET_RAW: captures; SETUID and SETGID: tcpdump makes
 * itself root once more (-Z root).
 */
export const recorderRole = (host: string, files: Files, pid?: string): Role => ({
  user: '0:0',
  capabilities: ['NET_ADMIN', 'NET_RAW', 'SETUID', 'SETGID'],
  network: `container:${host}`,
  ...(pid !== undefined && { pid: `container:${pid}` }),
  // iptables-legacy wants a lock that it may write
  more: [...files.mounts, '--env', `XTABLES_LOCKFILE=${scratch}/xtables.lock`],
});

/** @param tag the lab's, @param index of this pair in it */
export async function openPair(tag: string, index: number, image: string, files: Files): Promise<OpenedPair> {
  const pairTag = tag + index.toString(36);
  const [client, server] = [`echolab-${pairTag}-client`, `echolab-${pairTag}-server`];
  const start = (name: string, role: Role) => startContainer(name, role, image, tag);
  await using stack = new AsyncDisposableStack();
  const hosts = await Promise.all(
    [client, server].map(async (name) => stack.use(await start(name, hostRole(files)))),
  );
  // The one that makes the link must see a process of the other host.
  const recorders = await Promise.all([
    start(`${client}-recorder`, recorderRole(client, files, server)).then((recorder) => stack.use(recorder)),
    start(`${server}-recorder`, recorderRole(server, files)).then((recorder) => stack.use(recorder)),
  ]);
  const [clientHost, serverHost] = hosts;
  const [clientRecorder, serverRecorder] = recorders;
  if (clientHost === undefined || serverHost === undefined) throw new Error('two hosts were asked for');

  const [clientLink, serverLink] = [`e${pairTag}c`, `e${pairTag}s`];
  await clientRecorder.shell.run(`ip link add ${clientLink} type veth peer name ${serverLink} netns 1`);
  const up = async (recorder: Container, link: string, address: string) => {
    const shown = await recorder.shell.run(`ip address add ${address}/24 dev ${link}
ip link set ${link} up
ip -6 address flush dev ${link} 2>/dev/null
ip -o link show ${link}`);
    return /link\/ether (\S+)/.exec(shown)?.[1] ?? '';
  };
  const [mac, peerMac] = await Promise.all([
    up(clientRecorder, clientLink, '10.0.0.1'),
    up(serverRecorder, serverLink, '10.0.0.2'),
  ]);
  const pair: Pair = {
    tag: pairTag,
    client: openHost(
      { name: 'client', address: '10.0.0.1', interface: clientLink, hardware: mac },
      clientHost,
      clientRecorder,
    ),
    server: openHost(
      { name: 'server', address: '10.0.0.2', interface: serverLink, hardware: peerMac },
      serverHost,
      serverRecorder,
    ),
  };
  stack.move();
  const containers = [...hosts, ...recorders];
  return {
    pair,
    containers,
    async [Symbol.asyncDispose]() {
      await Promise.all(containers.map((container) => container[Symbol.asyncDispose]()));
    },
  };
}

type Link = Pick<Host, 'name' | 'address' | 'interface' | 'hardware'>;

function openHost(link: Link, host: Container, recorder: Container): Host {
  return {
    ...link,
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
      await host.shell.run(signalPrograms(signal));
    },
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
];

/**
 * The process number of `docker exec` says nothing about the host's own. But a host runs one program at a time: it
 * is the child of its tracer; where nothing is traced, what `docker exec` started, which has no parent here. The
 * server's host also shows the processes of the recorder that made the link: they are another user's.
 */
const signalPrograms = (signal: string): string => `
for try in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
  traced='' started=''
  for status in /proc/[0-9]*/status; do
    while read -r key value; do
      case $key in Pid:) pid=$value;; PPid:) parent=$value;; TracerPid:) tracer=$value;; Uid:) break;; esac
    done <$status 2>/dev/null && [ "\${value%%[!0-9]*}" = $UID ] || continue
    if [ $tracer != 0 ] && [ $tracer = $parent ]; then traced="$traced $pid"
    elif [ $parent = 0 ] && [ $pid != 1 ]; then started="$started $pid"; fi
  done
  [ -z "$traced$started" ] || { kill -s ${signal.slice(3)} \${traced:-$started} 2>/dev/null; break; }
  sleep 0.02
done`;
