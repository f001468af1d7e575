/**
 * Deals out what the tracer's instances tell to the pairs of hosts: by process, or by interface. What cannot be given
 * to a pair is nobody's of the lab, and is thrown away.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Instance } from '../hosts/tracefs.ts';
import { openBlocks, type Block } from '../parse/kernel-blocks.ts';
import { readLauncher, type Launcher } from './kernel-launchers.ts';
import { openOwners, type Linked } from './kernel-owners.ts';
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

export function openDesk(instances: Instances, pairs: readonly Linked[]) {
  const { calls, wire, functions, graph } = instances;
  const owners = openOwners(pairs);
  const launchers = new Map<string, Launcher>();
  const marks = new Map<string, bigint>();

  /** What the lab says to itself in the trace is not passed on. */
  const orOwn = (hear: (block: Block) => void) => (block: Block) => {
    const mark = /^tracing_mark_write: echolab mark (\S+)/.exec(block.text)?.[1];
    if (mark !== undefined) return void marks.set(mark, block.stampNs);
    const launcher = readLauncher(block);
    return launcher === undefined ? hear(block) : void launchers.set(launcher.id, launcher);
  };
  const readers = [
    { instance: calls, blocks: openBlocks(), hear: orOwn((block) => owners.hearProgram(block)) },
    ...(functions
      ? [{ instance: functions, blocks: openBlocks(), hear: orOwn((block) => owners.hearFunction(block)) }]
      : []),
    { instance: wire, blocks: openBlocks(), hear: orOwn((block) => owners.hearWire(block)) },
  ];
  const lines = openLines();
  const drainAll = async () => {
    for (const { instance, blocks, hear } of readers) blocks.take(await instance.drain()).forEach(hear);
    if (graph) lines(await graph.drain()).forEach((line) => owners.hearGraph(line));
  };
  let draining: Promise<void> | undefined;
  /** Joins one that is under way: who waits for something looks again and again. */
  const drain = () => (draining ??= drainAll().finally(() => (draining = undefined)));
  // Whatever keeps it from it, who waits for something is told.
  const timer = setInterval(() => void drain().catch(() => undefined), drainEveryMs);
  const seen = async <T>(look: () => T | undefined): Promise<T> => {
    const deadline = performance.now() + patient(markLimitMs);
    for (;;) {
      await drain();
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
    const { before, after } = await instance.mark(`echolab mark ${name}`);
    const stampNs = await seen(() => marks.get(name));
    marks.delete(name);
    return { before, after, stampNs };
  };

  return {
    /** Everything of the pair's up to now, in the order of time. */
    async cut(pair: Linked): Promise<{ blocks: Block[]; graph: string[] }> {
      await Promise.all(readers.map(({ instance }) => mark(instance)));
      return owners.take(pair);
    },
    /** Waits until the launcher has said its name, and takes it for the pair's. */
    async launched(id: string, pair: Linked): Promise<Launcher> {
      const launcher = await seen(() => launchers.get(id));
      launchers.delete(id);
      owners.give(launcher.pid, pair);
      return launcher;
    },
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
      const all = [...readers.map(({ instance }) => instance), ...(graph ? [graph] : [])];
      const counts = await Promise.all(all.map(overrun));
      return counts.reduce((sum, one) => sum + one, 0);
    },
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await draining?.catch(() => undefined);
    },
  };
}

async function overrun(instance: Instance): Promise<number> {
  const text = await instance.perProcessor('stats');
  const counts = [...text.matchAll(/^(?:overrun|commit overrun|dropped events): (\d+)$/gm)];
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
