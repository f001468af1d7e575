/**
 * Deals out what the tracer's instances tell to the pairs of hosts: by process, or by interface. What cannot be given
 * to a pair is nobody's of the lab, and is thrown away.
 */
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { openBlocks, type Block } from '../parse/kernel-blocks.ts';
import { nowNs } from './clock.ts';
import type { Instance } from './kernel-instance.ts';
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
  const launchers = new Map<string, { pid: number; inside: string }>();
  const marks = new Map<string, bigint>();

  /** A line of the lab's own in the trace is not passed on. */
  const orMark = (hear: (block: Block) => void) => (block: Block) => {
    if (!block.text.startsWith('tracing_mark_write:')) return hear(block);
    const [, word, name = '', inside = ''] = /: echolab (\w+) (\S+) ?(\S*)/.exec(block.text) ?? [];
    if (word === 'launcher') launchers.set(name, { pid: block.pid, inside });
    if (word === 'mark') marks.set(name, block.stampNs);
  };
  const readers = [
    { instance: calls, blocks: openBlocks(), hear: orMark((block) => owners.hearProgram(block)) },
    ...(functions
      ? [{ instance: functions, blocks: openBlocks(), hear: orMark((block) => owners.hearFunction(block)) }]
      : []),
    { instance: wire, blocks: openBlocks(), hear: orMark((block) => owners.hearWire(block)) },
  ];
  const lines = openLines();
  const drain = () => {
    for (const { instance, blocks, hear } of readers) blocks.take(instance.drain()).forEach(hear);
    if (graph) lines(graph.drain()).forEach((line) => owners.hearGraph(line));
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
    async cut(pair: Linked): Promise<{ blocks: Block[]; graph: string[] }> {
      await Promise.all(readers.map(({ instance }) => mark(instance)));
      return owners.take(pair);
    },
    /** Waits until the launcher has said its number, and takes it for the pair's. */
    async launched(id: string, pair: Linked): Promise<number> {
      const { pid } = await seen(() => launchers.get(id));
      owners.give(pid, pair);
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

/** Files of tracefs are answered at once, so they are read at once: a queue of their own would only make them late. */
function overrun({ folder, processors }: Instance): number {
  const texts = processors.map((cpu) => readFileSync(`${folder}/per_cpu/${cpu}/stats`, 'latin1'));
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
