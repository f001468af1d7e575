/**
 * Deals out what the tracer's instances tell to the pairs of hosts: by process, or by interface. What cannot be given
 * to a pair is nobody's of the lab, and is thrown away.
 */
import { readFile } from 'node:fs/promises';
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
  /** Whose a connection is; and events of connections that nobody has owned to yet. */
  const connections = new Map<string, Pair>();
  let strays: Block[] = [];
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
    const link = /\bdev=(\S+)/.exec(block.text)?.[1];
    const pair = links.get(link ?? '');
    if (pair !== undefined) trays.get(pair)?.blocks.push(block);
    // What happens in a program's own context, the other instance has told.
    else if (link === undefined && !owner.has(block.pid)) strays.push(block);
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
      const isOwn = (block: Block) => connections.get(connectionOf(block) ?? '') === pair;
      const blocks = [...(tray?.blocks.splice(0) ?? []), ...strays.filter(isOwn)];
      strays = strays.filter((block) => !isOwn(block)).slice(-1000);
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
    async lost(): Promise<number> {
      const each = await Promise.all(
        [...readers.map(({ instance }) => instance), ...(graph ? [graph] : [])].map(overrun),
      );
      return each.reduce((sum, one) => sum + one, 0);
    },
    [Symbol.asyncDispose]: async () => clearInterval(timer),
  };
}

/**
 * The two ports of a connection; the tracer prints no name of a socket that every event has. One of them is of the kernel's
 * choice, out of 28,232: two labs at once hardly ever have the same.
 */
function connectionOf({ text }: Block): string | undefined {
  const found = /\bsport=(\d+) dport=(\d+)/.exec(text) ?? /\S+\/(\d+) -> \S+\/(\d+) /.exec(text);
  const [, one = '0', other = '0'] = found ?? [];
  return one === '0' || other === '0' ? undefined : [one, other].toSorted().join(' ');
}

async function overrun(instance: Instance): Promise<number> {
  const cpus = await instance.list('per_cpu');
  const texts = await Promise.all(
    cpus.map((cpu) => readFile(`${instance.folder}/per_cpu/${cpu}/stats`, 'latin1')),
  );
  const counts = texts.flatMap((text) => [
    ...text.matchAll(/^(?:overrun|commit overrun|dropped events): (\d+)$/gm),
  ]);
  return counts.reduce((sum, [, count]) => sum + Number(count), 0);
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
