/**
 * Whose an event of the tracer is: of the pair whose thread it happened on, whose interface it names, whose packet or
 * connection it is about. What cannot be given to a pair is nobody's of the lab.
 */
import { hostsOfPair, type Pair } from '../hosts/host.ts';
import type { Block } from '../parse/kernel-blocks.ts';

/** A packet's memory is given to the next packet soon after it has been taken in or dropped. */
const reusedAfterNs = 100_000_000n;
/** How many events wait for somebody to own to them: those of other people's connections wait in vain. */
const mostStrays = 1000;

/** What happened outside of a program's own context: it waits for somebody to own to it. */
interface Stray {
  readonly block: Block;
  /** Whose the packet is, where that is known already. */
  readonly packet?: Pair;
  /** Whose the thread is on which it happened. */
  readonly thread?: Pair;
}

export function openOwners(pairs: readonly Pair[]) {
  const trays = new Map(pairs.map((pair) => [pair, { blocks: [] as Block[], graph: [] as string[] }]));
  /** By the machine's number of the thread. */
  const threads = new Map<number, Pair>();
  const links = new Map(
    pairs.flatMap((pair) =>
      hostsOfPair(pair).flatMap((host) => host.links.map((link) => [link.interface, pair] as const)),
    ),
  );
  const connections = new Map<string, Pair>();
  /** By the packet's address in the kernel: whose it was, and when it left. */
  const packets = new Map<string, { pair: Pair; stampNs: bigint }[]>();
  let strays: Stray[] = [];

  const packetOwner = ({ text, stampNs }: Block): Pair | undefined =>
    packets
      .get(packetIn(text) ?? '')
      ?.findLast((left) => left.stampNs <= stampNs && stampNs - left.stampNs < reusedAfterNs)?.pair;
  const ownerOf = ({ block, packet, thread }: Stray): Pair | undefined =>
    packet ?? packetOwner(block) ?? connections.get(connectionOf(block) ?? '') ?? thread;

  return {
    /** From here on what the thread does is the pair's, and what its children do. */
    give: (pid: number, pair: Pair) => void threads.set(pid, pair),

    /** An event of the threads that are followed. */
    hearProgram(block: Block) {
      const thread = threads.get(block.pid);
      if (thread === undefined) return;
      const child = /^sched_process_fork: .*\bchild_pid=(\d+)/.exec(block.text)?.[1];
      if (child !== undefined) threads.set(Number(child), thread);
      const connection = connectionOf(block);
      // In an interrupt, or in what it has left to do, a thread works for whomever.
      if (isInterrupt(block) && (connection ?? packetIn(block.text)) !== undefined) {
        strays.push({ block, thread });
        return;
      }
      trays.get(thread)?.blocks.push(block);
      if (connection !== undefined) connections.set(connection, thread);
    },

    /** An event of the pairs' interfaces, or of packets and connections of the whole machine. */
    hearWire(block: Block) {
      const link = /\bdev=(\S+)/.exec(block.text)?.[1];
      if (link === undefined) {
        const packet = packetOwner(block);
        if (packet !== undefined) strays.push({ block, packet });
        else if (connectionOf(block) !== undefined) strays.push({ block });
        return;
      }
      const pair = links.get(link);
      if (pair === undefined) return;
      const skb = packetIn(block.text) ?? '';
      packets.set(skb, [...(packets.get(skb) ?? []), { pair, stampNs: block.stampNs }]);
      trays.get(pair)?.blocks.push(block);
    },

    /** A line of the function graph. */
    hearGraph(line: string) {
      const pair = threads.get(Number(/^[\s\d.|]+\)\s+.*?-(\d+)\s+\|/.exec(line)?.[1]));
      if (pair !== undefined) trays.get(pair)?.graph.push(line);
    },

    /** Everything of the pair's since it was asked last, in the order of time. */
    take(pair: Pair): { blocks: Block[]; graph: string[] } {
      const sorted = Map.groupBy(strays, ownerOf);
      // What happened on a thread that is followed both instances have told.
      const own = (sorted.get(pair) ?? []).filter(
        ({ block, thread }) => thread !== undefined || !threads.has(block.pid),
      );
      sorted.delete(pair);
      sorted.set(undefined, (sorted.get(undefined) ?? []).slice(-mostStrays));
      strays = [...sorted.values()].flat();
      // Ports come back, for other connections, of other labs too.
      forget(connections, (of) => of === pair);
      forget(packets, (left) => left.every((one) => one.pair === pair));
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

const packetIn = (text: string): string | undefined => /\bskbaddr=(\S+)/.exec(text)?.[1];

/**
 * The two ports of a connection; the tracer prints no name of a socket that every event has. One of them is of the kernel's
 * choice, out of 28,232: two labs that are in the same moment hardly ever have the same.
 */
function connectionOf({ text }: Block): string | undefined {
  const found = forms.map((form) => form.exec(text)).find((one) => one !== null);
  const [, one = '0', other = '0'] = found ?? [];
  return one === '0' || other === '0' ? undefined : [one, other].toSorted().join(' ');
}

/** How events print two ports: inet_sock_set_state; fib_table_lookup; tcp_send_reset; icmp_send. */
const forms = [
  /\bsport=(\d+) dport=(\d+)/,
  /\S+\/(\d+) -> \S+\/(\d+) /,
  /\bsrc=\S+:(\d+) dest=\S+:(\d+)/,
  /\bFrom \S+:(\d+) to \S+:(\d+)/,
];

function forget<Value>(map: Map<string, Value>, isGone: (value: Value) => boolean): void {
  for (const [key, value] of map) if (isGone(value)) map.delete(key);
}
