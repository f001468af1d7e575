/**
 * What the kernel did, as its own tracer tells it: events with the stacks they happened on (`kernel.trace`), and where the
 * kernel allows it every call of its network functions, and the function graph of connect(2) (`kernel.graph`).
 *
 * The instances of the tracer serve the whole lab: one follows the lab's programs, from the process that starts them (hosts/slot.ts) through
 * all their children, and tells their calls, lookups, states, drops; another tells every packet that a pair's
 * interfaces send, in whatever context. What comes is dealt out to the pairs (kernel-desk.ts). Nothing else on the
 * machine is told of or touched.
 */
import type { Backend } from '../hosts/host.ts';
import type { Instance, Tracefs } from '../hosts/tracefs.ts';
import type { Loss, Run } from '../model/run.ts';
import { openDesk, type Desk } from './kernel-desk.ts';
import { tryFunctions } from './kernel-functions.ts';
import { tryGraph } from './kernel-graph.ts';
import { sayName } from './kernel-launchers.ts';
import { endsOf, type Linked } from './kernel-owners.ts';
import { chooseEvents, configure } from './kernel-setup.ts';
import { together } from './together.ts';
import type { Recording } from './store.ts';

export interface KernelRecorder extends AsyncDisposable {
  /** How deep it sees, and why not deeper. */
  readonly reached: NonNullable<Run['kernel']>;
  tape(pair: Linked): KernelTape;
}

/** What the kernel recorder has of one pair of hosts. */
export interface KernelTape {
  /** The recordings since the last cut, complete up to now, and what was lost of them. */
  cut(): Promise<{ recordings: Recording[]; losses: Loss[] }>;
}

/** Records, or says why not: the run goes on without it. */
export async function tryKernelRecorder({
  tracefs,
  pairs,
}: Pick<Backend, 'tracefs' | 'pairs'>): Promise<Partial<KernelRecorder> & Pick<KernelRecorder, 'reached'>> {
  if ('mend' in tracefs) return { reached: { tier: 'none', why: `${tracefs.what}: ${tracefs.why}` } };
  try {
    return await openKernelRecorder({ tracefs, pairs });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { reached: { tier: 'none', why } };
  }
}

export interface KernelOptions {
  readonly tracefs: Tracefs;
  readonly pairs: readonly Linked[];
  /** Of each instance, for each processor. */
  readonly bufferKb?: number;
}

export async function openKernelRecorder(options: KernelOptions): Promise<KernelRecorder> {
  const { tracefs, pairs, bufferKb = 2048 } = options;
  // Labs and pairs in them are told apart by it.
  const tag = pairs[0]?.tag ?? `check-${process.pid}`;
  await using stack = new AsyncDisposableStack();
  const open = async (name: string) => stack.use(await tracefs.open(`${tag}-${name}`));
  const [calls, wire] = await Promise.all([open('calls'), open('wire')]);
  const [clock] = await Promise.all([configure(calls, bufferKb), configure(wire, bufferKb)]);
  const chosen = await chooseEvents(calls, wire, pairs);
  const functions = await tryFunctions(calls, tracefs, tag, clock);
  const graph = typeof functions === 'string' ? '' : await tryGraph(tracefs, tag);
  const deeper = [functions, graph].filter((one): one is Instance => typeof one !== 'string');
  for (const instance of deeper) stack.use(instance);
  const desk = stack.use(
    openDesk(
      {
        calls,
        wire,
        ...(typeof functions !== 'string' && { functions }),
        ...(typeof graph !== 'string' && { graph }),
      },
      pairs,
    ),
  );
  const offset = await desk.measureOffset();
  const swept = tracefs.sweep().catch(() => undefined);

  const reached = reachedBy(functions, graph);
  const header = [
    'echolab kernel trace',
    `kernel ${tracefs.kernel}`,
    `tier ${reached.tier}`,
    `clock ${clock} offset ${offset.offsetNs} uncertainty ${offset.uncertaintyNs}`,
    `events ${chosen.there.join(' ')}`,
    `missing ${chosen.missing.join(' ')}`,
  ];
  const follow = together(async (pids: readonly number[]) => {
    await calls.add('set_event_pid', pids.join(' '));
    for (const instance of deeper) await instance.add('set_ftrace_pid', pids.join(' '));
  });
  const tapes = new Map(
    pairs.map((pair) => {
      const tape = openTape(pair, desk, header);
      for (const host of endsOf(pair)) {
        host.follow({
          announce: sayName,
          follows: (id) => tape.follows(host.name, id, follow),
        });
      }
      return [pair, tape] as const;
    }),
  );
  const kept = stack.move();
  return {
    reached,
    tape(pair) {
      const tape = tapes.get(pair);
      if (tape === undefined) throw new Error(`no tape for the pair ${pair.tag}`);
      return tape;
    },
    async [Symbol.asyncDispose]() {
      await swept;
      await kept.disposeAsync();
    },
  };
}

function reachedBy(functions: Instance | string, graph: Instance | string): KernelRecorder['reached'] {
  if (typeof functions === 'string') return { tier: 'stacks', why: functions };
  return typeof graph === 'string' ? { tier: 'functions', why: graph } : { tier: 'graph' };
}

function openTape(pair: Linked, desk: Desk, header: readonly string[]) {
  /** The processes that start a host's programs, the newest last: the machine's numbers and their own. */
  let starters: { host: string; numbers: string }[] = [];
  let losses: Loss[] = [];
  let lostBefore = 0;
  const lose = (why: string, count?: number) =>
    losses.push({ source: 'kernel.trace', why, ...(count !== undefined && { count }) });
  return {
    /** Once the process has said its name, it is followed: it will start programs. */
    async follows(host: string, id: string, follow: (pids: readonly number[]) => Promise<void>) {
      try {
        const { pid, inside } = await desk.launched(id, pair);
        starters.push({ host, numbers: `${pid} ${inside}` });
        await follow([pid]);
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        lose(`the programs on ${host} are not followed: ${why}`);
      }
    },
    async cut() {
      const { blocks, graph } = await desk.cut(pair);
      const lost = await desk.lost();
      // One ring for all pairs: what it lost may be anybody's.
      if (lost > lostBefore) lose('lost by the kernel’s ring of events', lost - lostBefore);
      const programs = starters.map(({ host, numbers }) => `program ${host} ${numbers}`);
      const said = [...header, `lost ${lost - lostBefore}`, ...programs].map((line) => `# ${line}`.trimEnd());
      lostBefore = lost;
      const lines = [...said, ...blocks.flatMap((block) => block.lines)];
      const recordings: Recording[] = [['kernel.trace', text(lines)]];
      if (graph.length > 0) recordings.push(['kernel.graph', text(graph)]);
      const result = { recordings, losses };
      // Those that have been replaced start no more.
      starters = starters.filter(({ host }, n) => starters.findLastIndex((one) => one.host === host) === n);
      losses = [];
      return result;
    },
  };
}

const text = (lines: readonly string[]) => Buffer.from(lines.map((line) => `${line}\n`).join(''), 'latin1');
