/**
 * A pair of hosts in containers: client and server with nothing in them but the programs, where a story needs it a
 * stranger, and for each a recorder beside it that lives in the same network and may look at its interfaces and rules.
 *
 * The hosts are started without any network of Docker's. A recorder that also sees another host's processes joins
 * its own host and that one by a veth pair, as the namespaces backend does. So there is no bridge in the packets'
 * way, the machine gets no interface, address or route, every pair is 10.0.0.1 and 10.0.0.2 whatever networks the
 * engine or the machine have, and nothing of it outlives the containers.
 */
import type { HostName } from '../lessons/lesson.ts';
import { programUser, startContainer, type Container, type Role } from './docker-container.ts';
import { scratch, type Files } from './docker-files.ts';
import { openHost, openSlotsIn } from './docker-host.ts';
import { openResolverFiles } from './docker-resolver.ts';
import { openSysctls } from './docker-sysctl.ts';
import type { Pair } from './host.ts';
import { readLinks, setUpLinks, type Wanted } from './links.ts';

export interface OpenedPair extends AsyncDisposable {
  readonly pair: Pair;
  /** Those that hold the project's files: the hosts first, then their recorders. */
  readonly containers: readonly Container[];
  readonly hosts: readonly Container[];
}

/** The role of a host: no capability, no network but the links. */
const hostRole = (files: Files): Role => ({
  user: programUser,
  capabilities: [],
  network: 'none',
  more: [...files.mounts, ...files.forPrograms],
});

/**
 * The role of a recorder. NET_ADMIN: rules, NFLOG, addresses; NET_RAW: captures; SETUID and SETGID: tcpdump makes
 * itself root once more (-Z root).
 */
const recorderRole = (host: string, files: Files, pid?: string): Role => ({
  user: '0:0',
  capabilities: ['NET_ADMIN', 'NET_RAW', 'SETUID', 'SETGID'],
  network: `container:${host}`,
  ...(pid !== undefined && { pid: `container:${pid}` }),
  // iptables-legacy wants a lock that it may write
  more: [...files.mounts, '--env', `XTABLES_LOCKFILE=${scratch}/xtables.lock`],
});

/** A host as it is to be made. */
interface HostPlan {
  readonly name: HostName;
  readonly address: string;
  readonly wanted: readonly Wanted[];
  /** The link that this host's recorder makes, and the host whose processes it must see for that. */
  readonly makes?: { readonly end: string; readonly otherEnd: string; readonly other: HostName };
}

function planHosts(tag: string, withStranger: boolean): HostPlan[] {
  const [c, s, d, t] = [`e${tag}c`, `e${tag}s`, `e${tag}d`, `e${tag}t`];
  const second = { to: 'stranger', interface: d, address: '10.0.0.1 peer 10.0.0.3/32' } as const;
  return [
    {
      ...{ name: 'client', address: '10.0.0.1', makes: { end: c, otherEnd: s, other: 'server' } },
      wanted: [{ to: 'server', interface: c, address: '10.0.0.1/24' }, ...(withStranger ? [second] : [])],
    },
    {
      ...{ name: 'server', address: '10.0.0.2' },
      wanted: [{ to: 'client', interface: s, address: '10.0.0.2/24' }],
    },
    ...(withStranger
      ? [
          {
            ...({ name: 'stranger', address: '10.0.0.3' } as const),
            makes: { end: t, otherEnd: d, other: 'client' } as const,
            wanted: [{ to: 'client', interface: t, address: '10.0.0.3/24' } as const],
          },
        ]
      : []),
  ];
}

/** @param tag the lab's, @param index of this pair in it, @param withStranger whether it has a third host */
export async function openPair(
  tag: string,
  index: number,
  withStranger: boolean,
  image: string,
  files: Files,
): Promise<OpenedPair> {
  const pairTag = tag + index.toString(36);
  const plans = planHosts(pairTag, withStranger);
  const nameOf = (host: HostName) => `echolab-${pairTag}-${host}`;
  const opened: AsyncDisposable[] = [];
  await using stack = new AsyncDisposableStack();
  stack.defer(() => endAll(opened));
  const start = async (name: string, role: Role) => {
    const container = await startContainer(name, role, image, tag);
    opened.push(container);
    return container;
  };

  const hosts = new Map(plans.map(({ name }) => [name, start(nameOf(name), hostRole(files))]));
  const recorders = plans.map(async ({ name, makes }) => {
    await Promise.all([hosts.get(name), makes && hosts.get(makes.other)]);
    const sees = makes && nameOf(makes.other);
    const recorder = await start(`${nameOf(name)}-recorder`, recorderRole(nameOf(name), files, sees));
    if (makes) await recorder.shell.run(joinHosts(makes));
    return recorder;
  });
  const started = await all([...hosts.values(), ...recorders]);

  const [client, server, stranger] = await Promise.all(
    plans.map(async ({ name, address, wanted }, number) => {
      const [host, recorder] = [started[number], started[plans.length + number]];
      if (host === undefined || recorder === undefined) throw new Error(`${name} was not started`);
      const links = readLinks(await recorder.shell.run(setUpLinks(wanted)), wanted);
      const resolver = openResolverFiles(host, image, tag);
      const sysctls = openSysctls(host, image, tag);
      opened.push(resolver, sysctls);
      const slots = openSlotsIn(host);
      stack.defer(() => slots.close());
      return openHost({ name, address, links }, { host, recorder, resolver, sysctls, slots });
    }),
  );
  if (client === undefined || server === undefined) throw new Error('two hosts were asked for');
  const kept = stack.move();
  return {
    pair: { tag: pairTag, client, server, ...(stranger && { stranger }) },
    containers: started,
    hosts: started.slice(0, plans.length),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/**
 * One end here, the other with the first process of the host that this recorder sees. Newer versions of ip(8) open that
 * process's namespace by its file, which the kernel lets the process's own user do (PTRACE_MODE_READ, ptrace(2)), but
 * not root without CAP_SYS_PTRACE.
 */
const joinHosts = ({ end, otherEnd }: { end: string; otherEnd: string }): string => {
  const [uid, gid] = programUser.split(':');
  const asPrograms = `setpriv --reuid=${uid} --regid=${gid} --clear-groups --inh-caps=+net_admin --ambient-caps=+net_admin`;
  return `${asPrograms} ip link add ${end} type veth peer name ${otherEnd} netns 1`;
};

/** All at once: the engine takes some tenths of a second for each. */
export async function endAll(things: readonly AsyncDisposable[]): Promise<void> {
  await Promise.all(things.map((thing) => thing[Symbol.asyncDispose]()));
}

/** All of them, or the first failure once none of them can still begin anything. */
async function all<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}
