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
import type { HostName } from '../lessons/lesson.ts';
import type { Backend, Host, Pair } from './host.ts';
import { openDevice } from './kmsg.ts';
import { readLinks, setSysctl, setUpLinks, type Wanted } from './links.ts';
import { mainThread } from './main-thread.ts';
import { quote } from './process.ts';
import { readPublic } from './public-file.ts';
import { openShell } from './shell.ts';
import { openSlots } from './slot.ts';
import { openTracefs } from './tracefs-here.ts';
import { switchedOff } from './tracefs.ts';

const root = process.getuid?.() === 0;
const base = '/run/echolab';

/** The command line that runs `argv` in the lab's own namespaces; it dies with the process that starts it. */
export function enter(argv: readonly string[]): string[] {
  const user = root ? [] : ['--user', '--map-current-user', '--keep-caps'];
  // --cgroup: Node looks its memory limit up at its start, and the way there is nobody's business in a recording.
  const own = ['--net', '--mount', '--cgroup', '--pid', '--fork', '--kill-child', '--mount-proc'];
  return [...['setpriv', '--pdeathsig', 'KILL'], ...['unshare', ...user, ...own], ...argv];
}

/**
 * Makes `count` pairs of hosts, the first `strangers` of them with a third host. To be called inside (see `enter`).
 * `lab` and `node` are paths outside.
 */
export async function openNamespaces(options: {
  tag: string;
  count: number;
  strangers: number;
  lab: string;
  node: string;
  netfilter: Run['netfilter'];
  /** A folder of this machine where Node keeps the programs' compiled form from run to run. */
  compiled: string;
}): Promise<Backend> {
  await execa('sh', ['-euc', world, 'sh', options.lab, options.node]);
  await execa('sh', ['-c', fetchCompiled, 'sh', options.compiled]);
  const plans = Array.from({ length: options.count }, (_, index) =>
    planPair(options.tag + index.toString(36), index < options.strangers),
  );
  await execa('ip', ['-batch', '-'], { input: plans.map(makeNetworks).join('\n') });
  const pairs = await Promise.all(plans.map(openPair));
  const kernelRing = options.netfilter.recorder === 'LOG' ? openDevice() : undefined;
  return {
    name: 'namespaces',
    pairs,
    paths: { node: `${base}/node`, lab: `${base}/lab`, scratch: `${base}/scratch` },
    netfilter: options.netfilter,
    tracefs: switchedOff() ?? (await openTracefs(`${base}/tracing`)),
    ...(kernelRing && { kernelRing }),
    // The namespaces end with this process; there is nothing else to undo.
    async [Symbol.asyncDispose]() {
      await execa('sh', ['-c', keepCompiled, 'sh', options.compiled], { reject: false });
      await kernelRing?.[Symbol.asyncDispose]();
    },
  };
}

/**
 * What the programs see of the checkout: `lab/` and Node, read-only, at paths that are the same everywhere. The
 * checkout itself may lie under a folder that another user cannot enter; files that another user cannot read
 * are copied. /run is private: `ip netns` and the lock of iptables live there. --no-mtab: mount(8) would make /run/mount
 * before, for everybody.
 */
const world = `
mount --no-mtab -t tmpfs -o mode=755 echolab /run
mkdir -p ${base} /run/netns
mkdir -m 1777 ${base}/scratch
echo '{"type":"module"}' >${base}/package.json
hidden() {
  find "$1" ! -type l ! -perm -004
  find "$1" -type d ! -perm -001
  [ -d "$1" ] || find "$1" ! -perm -001 # a program
}
place() {
  if [ -n "$(hidden "$1")" ]; then
    cp -r -T "$1" "$2"; chmod -R a+rX "$2"
  else
    if [ -d "$1" ]; then mkdir "$2"; else touch "$2"; fi
    mount --bind "$1" "$2"
    mount -o remount,bind,ro "$2" 2>/dev/null || true
  fi
}
place "$1" ${base}/lab
place "$2" ${base}/node
`;

/**
 * A program that has run before starts in half the time: Node need not strip its types and compile it again. The
 * programs' user writes to a copy, so that no program ever writes into the checkout.
 */
const compiled = `${base}/scratch/compiled`;
const fetchCompiled = `mkdir -p ${compiled}; cp -r "$1"/. ${compiled} 2>/dev/null; chmod -R a+rwX ${compiled}`;
const keepCompiled = `mkdir -p "$1" && cp -r --no-clobber ${compiled}/. "$1"`;

/** The names of a pair's network namespaces and of its interfaces; `t` and `d` are the stranger's and the link to it. */
const planPair = (tag: string, withStranger: boolean) => ({
  ...{ tag, withStranger },
  ...{ c: `e${tag}c`, s: `e${tag}s`, d: `e${tag}d`, t: `e${tag}t` },
});

type PairPlan = ReturnType<typeof planPair>;

/** Lines for ip(8). */
function makeNetworks({ c, s, d, t, withStranger }: PairPlan): string {
  const link = (one: string, end: string, other: string, otherEnd: string) =>
    `link add ${end} netns ${one} type veth peer name ${otherEnd} netns ${other}`;
  const pair = [`netns add ${c}`, `netns add ${s}`, link(c, c, s, s)];
  return [...pair, ...(withStranger ? [`netns add ${t}`, link(c, d, t, t)] : [])].join('\n');
}

async function openPair({ tag, c, s, d, t, withStranger }: PairPlan): Promise<Pair> {
  const [client, server, stranger] = await Promise.all([
    openHost('client', c, '10.0.0.1', [
      { to: 'server', interface: c, address: '10.0.0.1/24' },
      ...(withStranger
        ? [{ to: 'stranger', interface: d, address: '10.0.0.1 peer 10.0.0.3/32' } as const]
        : []),
    ]),
    openHost('server', s, '10.0.0.2', [{ to: 'client', interface: s, address: '10.0.0.2/24' }]),
    ...(withStranger
      ? [openHost('stranger', t, '10.0.0.3', [{ to: 'client', interface: t, address: '10.0.0.3/24' }])]
      : []),
  ]);
  if (client === undefined || server === undefined) throw new Error('two hosts were asked for');
  return { tag, client, server, ...(stranger && { stranger }) };
}

/**
 * A host is a network namespace and a mount namespace, both held by its control shell.
 */
async function openHost(name: HostName, netns: string, address: string, wanted: Wanted[]): Promise<Host> {
  const shell = openShell([
    ...['nsenter', `--net=/run/netns/${netns}`, 'unshare', '--mount'],
    ...['bash', '--noprofile', '--norc'],
  ]);
  const inside = ['nsenter', `--target=${shell.pid}`, '--net', '--mount'];
  const shown = await shell.run(setUpLinks(wanted));
  const program = (argv: readonly string[]) => [...inside, ...unprivileged, ...argv];
  const slots = openSlots((announce) => [
    ...['sh', '-c', `${announce}; exec "$@"`, 'sh'],
    ...program(['bash', '--noprofile', '--norc']),
  ]);
  return {
    ...{ name, address, links: readLinks(shown, wanted), program },
    start: (argv, followed) => slots.start(argv, followed),
    follow: (tracer) => slots.follow(tracer),
    recorder: (argv) => [...inside, ...argv],
    terminal: (argv) => [...inside, ...argv],
    shell: (script) => shell.run(script),
    async take(path) {
      const bytes = await readFile(path);
      await rm(path);
      return bytes;
    },
    read: readPublic,
    async signal(pid, signal, traced) {
      for (const child of traced ? await tracedBy(pid) : [pid]) process.kill(child, signal);
    },
    async doing(pid, traced) {
      const [child = pid] = traced ? await tracedBy(pid) : [];
      return readFile(`/proc/${child}/status`, 'latin1').then(mainThread, () => '');
    },
    async file(path, text) {
      await shell.run(placeFile(path, text));
    },
    async undoFiles() {
      await shell.run('[ ${#placed[@]} = 0 ] || umount "${placed[@]}" && placed=()');
    },
    async sysctl(key, value) {
      return (await shell.run(setSysctl(key, value))).trim();
    },
  };
}

/**
 * A file of the host's own mounted over the machine's. It may be a link into /run, which is empty here: then it is
 * made there.
 */
const placeFile = (path: string, text: string): string => `
target=${path}; source=${base}/file.$$.\${#placed[@]}
[ ! -L "$target" ] || target=$(readlink -m "$target")
umask 022; printf '%s\\n' ${quote(text.trimEnd())} >"$source"
[ -e "$target" ] || { mkdir -p "\${target%/*}"; : >"$target"; }
mount --bind "$source" "$target" && placed+=("$target")`;

/** Programs run with no capability at all; as root also as the user nobody. */
const unprivileged = [
  'setpriv',
  ...(root ? ['--reuid', '65534', '--regid', '65534', '--clear-groups'] : []),
  ...['--ambient-caps=-all', '--inh-caps=-all', '--bounding-set=-all', '--no-new-privs'],
  ...['env', '-i', `--chdir=${base}`, 'LANG=C.UTF-8', 'HOME=/'],
  'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  `NODE_COMPILE_CACHE=${compiled}`,
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
