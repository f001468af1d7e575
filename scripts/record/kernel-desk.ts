/**
 * Deals out what the tracer's instances tell to the pairs of hosts: by process, or by interface. What cannot be given
 * to a pair is nobody's of the lab, and is thrown away.
 */
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Pair } from '../hosts/host.ts';
import { openBlocks, type Block } from '../parse/kernel-blocks.ts';
import { nowNs } from './clock.ts';
import type { Instance } from './kernel-instance.ts';
import { hostsOfPair } from '../hosts/host.ts';
import { patient } from './until.ts';

export type Desk = ReturnType<typeof openDesk>;

export interface Instances {
  readonly calls: Instance;
  readonly wire: Instance;
  readonly functions?: Instance;
  readonly graph?: Instance;
}

/** How long a line that was written may take to come back. */
const markLimitMs = 5_000;
const drainEveryMs = 100;
/** A packet's memory is given to the next packet soon after it has been taken in or dropped. */
const reusedAfterNs = 100_000_000n;
/** How many events wait for somebody to own to them: those of other people's connections wait in vain. */
const mostStrays = 1000;

export function openDesk(instances: Instances, pairs: readonly Pair[]) {
  const { calls, wire, functions, graph } = instances;
  const trays = new Map(pairs.map((pair) => [pair, { blocks: [] as Block[], graph: [] as string[] }]));
  /** Whose a thread is, by the machine's number; whose an interface is. */
  const owner = new Map<number, Pair>();
  const links = new Map(
    pairs.flatMap((pair) =>
      hostsOfPair(pair).flatMap((host) => host.links.map((link) => [link.interface, pair] as const)),
    ),
  );
  /** Whose a connection is; whose a packet is (by its address in the kernel), and when it left. */
  const connections = new Map<string, Pair>();
  const packets = new Map<string, { pair: Pair; stampNs: bigint }>();
  /** What happened outside of the programs' contexts; `pair` where the packet has said whose it is. */
  let strays: { block: Block; pair?: Pair }[] = [];
  const launchers = new Map<string, { pid: number; inside: string }>();
  const marks = new Map<string, bigint>();

  /** A line of the lab's own in the trace. */
  const isMark = ({ pid, stampNs, text }: Block): boolean => {
    const [, word, name = '', inside = ''] =
      /^tracing_mark_write: echolab (\w+) (\S+) ?(\S*)/.exec(text) ?? [];
    if (word === 'launcher') launchers.set(name, { pid, inside });
    if (word === 'mark') marks.set(name, stampNs);
    return text.startsWith('tracing_mark_write:');
  };
  const hearProgram = (block: Block) => {
    const pair = owner.get(block.pid);
    if (isMark(block) || pair === undefined) return;
    const child = /^sched_process_fork: .*\bchild_pid=(\d+)/.exec(block.text)?.[1];
    if (child !== undefined) owner.set(Number(child), pair);
    trays.get(pair)?.blocks.push(block);
    const connection = connectionOf(block);
    if (connection !== undefined) connections.set(connection, pair);
  };
  const hearWire = (block: Block) => {
    if (isMark(block)) return;
    const { text, stampNs } = block;
    const skb = /\bskbaddr=(\S+)/.exec(text)?.[1] ?? '';
    const link = /\bdev=(\S+)/.exec(text)?.[1];
    if (link !== undefined) {
      const pair = links.get(link);
      if (pair === undefined) return;
      packets.set(skb, { pair, stampNs });
      trays.get(pair)?.blocks.push(block);
      return;
    }
    const packet = packets.get(skb);
    const isOfPacket = packet !== undefined && stampNs - packet.stampNs < reusedAfterNs;
    if (isOfPacket) strays.push({ block, pair: packet.pair });
    else if (connectionOf(block) !== undefined) strays.push({ block });
  };
  const hearGraph = (line: string) => {
    const pair = owner.get(Number(/^[\s\d.|]+\)\s+.*?-(\d+)\s+\|/.exec(line)?.[1]));
    if (pair !== undefined) trays.get(pair)?.graph.push(line);
  };

  const readers = [
    { instance: calls, blocks: openBlocks(), hear: hearProgram },
    ...(functions ? [{ instance: functions, blocks: openBlocks(), hear: hearProgram }] : []),
    { instance: wire, blocks: openBlocks(), hear: hearWire },
  ];
  const lines = openLines();
  const drain = () => {
    for (const { instance, blocks, hear } of readers) blocks.take(instance.drain()).forEach(hear);
    if (graph) lines(graph.drain()).forEach(hearGraph);
  };
  const timer = setInterval(drain, drainEveryMs);
  const seen = async <T>(look: () => T | undefined): Promise<T> => {
    const deadline = performance.now() + patient(markLimitMs);
    for (;;) {
      drain();
      const found = look();
      if (found !== undefined) return found;
      if (performance.now() > deadline)
        throw new Error('the tracer does not give back what was written to it');
      await pause(1);
    }
  };
  let count = 0;
  /** Gives the mark's stamp once it has come back; then everything before it has, too. */
  const mark = async (instance: Instance) => {
    const name = `${process.pid}-${(count += 1)}`;
    const before = nowNs();
    instance.mark(`echolab mark ${name}`);
    const after = nowNs();
    const stampNs = await seen(() => marks.get(name));
    marks.delete(name);
    return { before, after, stampNs };
  };

  return {
    /** Everything of the pair's up to now, in the order of time. */
    async cut(pair: Pair): Promise<{ blocks: Block[]; graph: string[] }> {
      await Promise.all(readers.map(({ instance }) => mark(instance)));
      const tray = trays.get(pair);
      const isOwn = (stray: (typeof strays)[number]) =>
        (stray.pair ?? connections.get(connectionOf(stray.block) ?? '')) === pair;
      // What happened in a program's own context, the other instance has told.
      const own = strays.filter((stray) => isOwn(stray) && !owner.has(stray.block.pid));
      strays = strays.filter((stray) => !isOwn(stray)).slice(-mostStrays);
      // Ports come back, for other connections, of other labs too.
      forget(connections, (of) => of === pair);
      forget(packets, (packet) => packet.pair === pair);
      const blocks = [...(tray?.blocks.splice(0) ?? []), ...own.map(({ block }) => block)];
      return {
        blocks: blocks.toSorted((one, other) => Number(one.stampNs - other.stampNs)),
        graph: tray?.graph.splice(0) ?? [],
      };
    },
    /** Waits until the launcher has said its number, and takes it for the pair's. */
    async launched(id: string, pair: Pair): Promise<number> {
      const { pid } = await seen(() => launchers.get(id));
      owner.set(pid, pair);
      return pid;
    },
    /** The machine's number of a launcher, and its own. */
    numbersOf: (id: string) => `${launchers.get(id)?.pid ?? '?'} ${launchers.get(id)?.inside ?? '?'}`,
    /** Epoch ns = stamp + offset, within the uncertainty: the best of some marks. */
    async measureOffset() {
      let best = { offsetNs: 0n, uncertaintyNs: Infinity };
      for (let n = 0; n < 10; n += 1) {
        const { before, after, stampNs } = await mark(calls);
        const half = (after - before) / 2n;
        // The kernel prints microseconds, and cuts.
        const uncertaintyNs = Number(half) + 500;
        if (uncertaintyNs < best.uncertaintyNs)
          best = { offsetNs: before + half - stampNs - 500n, uncertaintyNs };
      }
      return best;
    },
    /** How many events the rings have overwritten before they were read. */
    lost(): number {
      const all = [...readers.map(({ instance }) => instance), ...(graph ? [graph] : [])];
      return all.map(overrun).reduce((sum, one) => sum + one, 0);
    },
    [Symbol.asyncDispose]: async () => clearInterval(timer),
  };
}

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

/** Files of tracefs are answered at once, so they are read at once: a queue of their own would only make them late. */
function overrun({ folder, processors }: Instance): number {
  const texts = processors.map((cpu) => readFileSync(`${folder}/per_cpu/${cpu}/stats`, 'latin1'));
  const counts = texts.flatMap((text) => [
    ...text.matchAll(/^(?:overrun|commit overrun|dropped events): (\d+)$/gm),
  ]);
  return counts.reduce((sum, [, count]) => sum + Number(count), 0);
}

function forget<Value>(map: Map<string, Value>, isGone: (value: Value) => boolean): void {
  for (const [key, value] of map) if (isGone(value)) map.delete(key);
}

/** Whole lines of what comes in parts. */
function openLines(): (text: string) => string[] {
  let part = '';
  return (text) => {
    const lines = (part + text).split('\n');
    part = lines.pop() ?? '';
    return lines;
  };
}
