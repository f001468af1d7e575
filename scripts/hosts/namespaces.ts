/**
 * Hosts as plain network namespaces: no daemon, root and ordinary user by one way.
 *
 * The lab runs itself once more under `unshare` (see `enter`), in namespaces of its own for processes, mounts and
 * network. There it is process 1: when it dies, however it dies, the kernel ends every process it started, and
 * with the last of them go the namespaces, the links and the rules. Nothing is left to clean.
 */
import { execa } from 'execa';
import { readFile, rm } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { Run } from '../model/run.ts';
import type { Backend, Host, Pair } from './host.ts';
import { openDevice } from './kmsg.ts';
import { openShell } from './shell.ts';
import { openTracefs } from './tracefs.ts';

const root = process.getuid?.() === 0;
const base = '/run/echolab';

/** The command line that runs `argv` in the lab's own namespaces; it dies with the process that starts it. */
export function enter(argv: readonly string[]): string[] {
  const user = root ? [] : ['--user', '--map-current-user', '--keep-caps'];
  return [
    ...['setpriv', '--pdeathsig', 'KILL'],
    ...['unshare', ...user, '--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'],
    ...argv,
  ];
}

/** Makes `count` pairs of hosts. To be called inside (see `enter`). `lab` and `node` are paths outside. */
export async function openNamespaces(options: {
  tag: string;
  count: number;
  lab: string;
  node: string;
  netfilter: Run['netfilter'];
}): Promise<Backend> {
  await execa('sh', ['-euc', world, 'sh', options.lab, options.node]);
  const numbers = Array.from({ length: options.count }, (_, index) => index);
  const pairs = await Promise.all(numbers.map((index) => openPair(options.tag + index.toString(36))));
  const refused = process.env['LAB_KERNEL'] === '0' ? switchedOff : undefined;
  const kernelRing = options.netfilter.recorder === 'LOG' ? openDevice() : undefined;
  return {
    name: 'namespaces',
    pairs,
    paths: { node: `${base}/node`, lab: `${base}/lab`, scratch: `${base}/scratch` },
    netfilter: options.netfilter,
    tracefs: refused ?? (await openTracefs(`${base}/tracing`)),
    ...(kernelRing && { kernelRing }),
    // The namespaces end with this process; there is nothing else to undo.
    [Symbol.asyncDispose]: async () => kernelRing?.[Symbol.asyncDispose](),
  };
}

const switchedOff = {
  what: 'the kernel’s tracer is not used',
  why: 'LAB_KERNEL=0',
  mend: 'leave LAB_KERNEL away',
};

/**
 * What the programs see of the checkout: `lab/` and Node, read-only, at paths that are the same everywhere. The
 * checkout itself may lie under a folder that another user cannot enter; files that another user cannot read
 * are copied. /run is private: `ip netns` and the lock of iptables live there.
 */
const world = `
mount -t tmpfs -o mode=755 echolab /run
mkdir -p ${base} /run/netns
mkdir -m 1777 ${base}/scratch
echo '{"type":"module"}' >${base}/package.json
place() {
  if [ -d "$1" ]; then mkdir "$2"; else touch "$2"; fi
  if find "$1" ! -type l ! -perm -004 | grep -q . || { [ -f "$1" ] && [ ! -x "$1" ]; }; then
    cp -r -T "$1" "$2"; chmod -R a+rX "$2"
  else
    mount --bind "$1" "$2"
    mount -o remount,bind,ro "$2" 2>/dev/null || true
  fi
}
place "$1" ${base}/lab
place "$2" ${base}/node
`;

async function openPair(tag: string): Promise<Pair> {
  const [c, s] = [`e${tag}c`, `e${tag}s`];
  const link = `ip netns add ${c}; ip netns add ${s}; ip -n ${c} link add ${c} type veth peer name ${s} netns ${s}`;
  await execa('sh', ['-euc', link]);
  const hosts = [openHost('client', '10.0.0.1', c), openHost('server', '10.0.0.2', s)] as const;
  const [client, server] = await Promise.all(hosts);
  return { tag, client, server };
}

/** The namespace has the name of its interface. IPv6 would talk by itself, its neighbour discovery on every link. */
async function openHost(name: string, address: string, link: string): Promise<Host> {
  const inside = ['nsenter', `--net=/run/netns/${link}`];
  const shell = openShell([...inside, 'bash', '--noprofile', '--norc']);
  const shown =
    await shell.run(`[ ! -d /proc/sys/net/ipv6 ] || echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6
ip -batch - <<'batch'
link set lo up
address add ${address}/24 dev ${link}
link set ${link} up
link show ${link}
batch`);
  return {
    ...{ name, address, interface: link, hardware: /link\/ether (\S+)/.exec(shown)?.[1] ?? '' },
    program: (argv) => [...inside, ...unprivileged, ...argv],
    recorder: (argv) => [...inside, ...argv],
    terminal: (argv) => [...inside, ...argv],
    shell: (script) => shell.run(script),
    async take(path) {
      const bytes = await readFile(path);
      await rm(path);
      return bytes;
    },
    async signal(pid, signal, traced) {
      for (const child of traced ? await tracedBy(pid) : [pid]) process.kill(child, signal);
    },
  };
}

/** Programs run with no capability at all; as root also as the user nobody. */
const unprivileged = [
  'setpriv',
  ...(root ? ['--reuid', '65534', '--regid', '65534', '--clear-groups'] : []),
  ...['--ambient-caps=-all', '--inh-caps=-all', '--bounding-set=-all', '--no-new-privs'],
  ...['env', '-i', `--chdir=${base}`, 'LANG=C.UTF-8', 'HOME=/'],
  'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
];

/** nsenter, setpriv, env and strace replace each other in one process; the program is that process's child. */
async function tracedBy(pid: number): Promise<number[]> {
  const file = `/proc/${pid}/task/${pid}/children`;
  for (let tries = 0; tries < 50; tries += 1) {
    const children = (await readFile(file, 'latin1').catch(() => '')).trim();
    if (children !== '') return children.split(' ').map(Number);
    await pause(10);
  }
  return [];
}
