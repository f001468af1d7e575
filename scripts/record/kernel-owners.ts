/**
 * Whose an event of the tracer is: of the pair whose thread it happened on, whose interface it names, whose connection
 * or packet it is about. What cannot be given to a pair is nobody's of the lab.
 */
import type { Host } from '../hosts/host.ts';
import type { Block } from '../parse/kernel-blocks.ts';

/** What the tracer must know of a pair of hosts (hosts/host.ts). */
export interface Linked {
  readonly tag: string;
  readonly client: Ends;
  readonly server: Ends;
  readonly stranger?: Ends;
}
type Ends = Pick<Host, 'name' | 'address' | 'links' | 'follow'>;

export const endsOf = ({ client, server, stranger }: Linked): Ends[] => [
  client,
  server,
  ...(stranger ? [stranger] : []),
];

/**
 * How long after it has left a packet is known by its address in the kernel: to the same thread on the same processor, before
 * that turns to something else. A moment later the memory is the next packet's, whoever's that is.
 */
const knownForNs = 200_000n;
/** How many events wait for somebody to own to them: those of other people's connections wait in vain. */
const mostStrays = 1000;

/** What happened outside of a program's own context: it waits for somebody to own to it. */
interface Stray {
  readonly block: Block;
  /** Whose the packet is that it is about. */
  readonly packet?: Linked | undefined;
  /** Whose the thread is on which it happened, where that is followed. */
  readonly thread?: Linked;
}

export function openOwners(pairs: readonly Linked[]) {
  const trays = new Map(pairs.map((pair) => [pair, { blocks: [] as Block[], graph: [] as string[] }]));
  /** By the machine's number of the thread. */
  const threads = new Map<number, Linked>();
  /** A launcher goes on as strace, which runs functions of the kernel's network, too; the program is its child. */
  const launchers = new Set<number>();
  const links = new Map(
    pairs.flatMap((pair) =>
      endsOf(pair).flatMap((host) => host.links.map((link) => [link.interface, pair] as const)),
    ),
  );
  const connections = new Map<string, Linked>();
  /** The last packet that left a pair's interface at that address. */
  const packets = new Map<string, { pair: Linked; block: Block }>();
  let strays: Stray[] = [];

  const ownerOf = ({ block, packet, thread }: Stray): Linked | undefined => {
    const connection = connectionOf(block);
    if (connection === undefined) return packet ?? thread;
    const hosts = thread ? endsOf(thread).map(({ address }) => address) : [];
    const isBetweenHosts = connection.ends.every((end) => hosts.includes(end.split(':')[0] ?? ''));
    return connections.get(connection.name) ?? (isBetweenHosts ? thread : undefined);
  };

  return {
    /** From here on what the launcher's thread does is the pair's, and what its children do. */
    give(pid: number, pair: Linked) {
      threads.set(pid, pair);
      launchers.add(pid);
    },

    /** A function that a thread ran. */
    hearFunction(block: Block) {
      if (!launchers.has(block.pid)) this.hearProgram(block);
    },

    /** An event of the threads that are followed. */
    hearProgram(block: Block) {
      const thread = threads.get(block.pid);
      if (thread === undefined) return;
      const child = /^sched_process_fork: .*\bchild_pid=(\d+)/.exec(block.text)?.[1];
      if (child !== undefined) threads.set(Number(child), thread);
      const connection = connectionOf(block);
      if (isInterrupt(block) && connection !== undefined) {
        // There a thread works for whomever.
        strays.push({ block, thread });
        return;
      }
      trays.get(thread)?.blocks.push(block);
      if (connection !== undefined) connections.set(connection.name, thread);
    },

    /** An event of the pairs' interfaces, or of packets and connections of the whole machine. */
    hearWire(block: Block) {
      const skb = /\bskbaddr=(\S+)/.exec(block.text)?.[1] ?? '';
      const link = /\bdev=(\S+)/.exec(block.text)?.[1];
      if (link === undefined) {
        const left = packets.get(skb);
        const packet = left && isSameMoment(left.block, block) ? left.pair : undefined;
        if (packet !== undefined || connectionOf(block) !== undefined) strays.push({ block, packet });
        return;
      }
      const pair = links.get(link);
      if (pair === undefined) return;
      packets.set(skb, { pair, block });
      trays.get(pair)?.blocks.push(block);
    },

    /** A line of the function graph. */
    hearGraph(line: string) {
      const pid = Number(/^[\s\d.|]+\)\s+.*?-(\d+)\s+\|/.exec(line)?.[1]);
      const pair = launchers.has(pid) ? undefined : threads.get(pid);
      if (pair !== undefined) trays.get(pair)?.graph.push(line);
    },

    /** Everything of the pair's since it was asked last, in the order of time. */
    take(pair: Linked): { blocks: Block[]; graph: string[] } {
      const sorted = Map.groupBy(strays, ownerOf);
      // What happened on a thread that is followed both instances have told.
      const own = (sorted.get(pair) ?? []).filter(
        ({ block, thread }) => thread !== undefined || !threads.has(block.pid),
      );
      sorted.delete(pair);
      sorted.set(undefined, (sorted.get(undefined) ?? []).slice(-mostStrays));
      strays = [...sorted.values()].flat();
      // Ports come back, for other connections, of other labs too.
      for (const [name, of] of connections) if (of === pair) connections.delete(name);
      const tray = trays.get(pair);
      const blocks = [...(tray?.blocks.splice(0) ?? []), ...own.map(({ block }) => block)];
      return {
        blocks: blocks.toSorted((one, other) => Number(one.stampNs - other.stampNs)),
        graph: tray?.graph.splice(0) ?? [],
      };
    },
  };
}

/** The third letter of the flags (Documentation/trace/ftrace.rst). */
const isInterrupt = ({ flags }: Block): boolean => flags[2] !== '.';

const isSameMoment = (left: Block, { pid, cpu, stampNs }: Block): boolean =>
  left.pid === pid && left.cpu === cpu && stampNs - left.stampNs < knownForNs;

/**
 * The two ends of a connection, where the event prints both; the tracer prints no name of a socket that every event has.
 * One port is of the kernel's choice, out of 28,232: two labs that are in the same moment hardly ever have the same.
 */
function connectionOf({ text }: Block): { name: string; ends: readonly string[] } | undefined {
  const found = forms.map((form) => form.exec(text)?.groups).find((groups) => groups !== undefined);
  const { saddr = '', sport = '0', daddr = '', dport = '0' } = found ?? {};
  if (sport === '0' || dport === '0') return undefined;
  const ends = [`${saddr}:${sport}`, `${daddr}:${dport}`].toSorted();
  return { name: ends.join(' '), ends };
}

/** How events print both ends: inet_sock_set_state; fib_table_lookup; tcp_send_reset; icmp_send. */
const forms = [
  /\bsport=(?<sport>\d+) dport=(?<dport>\d+) saddr=(?<saddr>\S+) daddr=(?<daddr>\S+)/,
  /(?<saddr>\S+)\/(?<sport>\d+) -> (?<daddr>\S+)\/(?<dport>\d+) /,
  /\bsrc=(?<saddr>\S+):(?<sport>\d+) dest=(?<daddr>\S+):(?<dport>\d+)/,
  /\bFrom (?<saddr>\S+):(?<sport>\d+) to (?<daddr>\S+):(?<dport>\d+)/,
];
