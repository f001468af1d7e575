/**
 * What the kernel did, as its own tracer tells it: events with the stacks they happened on (`kernel.trace`).
 *
 * Two instances of the tracer serve the whole lab. One follows the lab's programs, from a launcher (launcher.ts)
 * through all its children, and tells their calls, lookups, states, drops; the other tells every packet that a
 * pair's interfaces send, in whatever context. What comes is dealt out to the pairs: by process, or by interface.
 * Nothing else on the machine is told of or touched.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Pair } from '../hosts/host.ts';
import { port } from '../lessons/lesson.ts';
import type { Loss } from '../model/run.ts';
import { openBlocks, type Block } from '../parse/kernel-blocks.ts';
import { nowNs } from './clock.ts';
import { followed, onInterfaces, onSockets } from './kernel-events.ts';
import { openInstance, sweepInstances, type Instance } from './kernel-instance.ts';
import { startLauncher, type Launcher } from './launcher.ts';

/** Per processor; a scene takes some hundred kilobytes, and is read ten times a second. */
const bufferKb = 2048;
const launchersKept = 4;

export interface KernelRecorder extends AsyncDisposable {
  tape(pair: Pair): KernelTape;
}

/** What the kernel recorder has of one pair of hosts. */
export interface KernelTape {
  /** A launcher for a program on a host; it will be followed. */
  launcher(host: string): Promise<Launcher>;
  /** The recording since the last cut, complete up to now; and what was lost of it. */
  cut(): Promise<{ recording: Buffer; losses: Loss[] }>;
}

export interface KernelOptions {
  readonly tracefs: string;
  /** This lab's own four characters. */
  readonly tag: string;
  readonly pairs: readonly Pair[];
  readonly scratch: string;
  readonly kernel: string;
}

export async function openKernelRecorder(options: KernelOptions): Promise<KernelRecorder> {
  const { tracefs, tag, pairs } = options;
  await using stack = new AsyncDisposableStack();
  const opened = await Promise.all([openInstance(tracefs, `${tag}-calls`), openInstance(tracefs, `${tag}-wire`)]);
  const [calls, wire] = opened.map((instance) => stack.use(instance));
  if (calls === undefined || wire === undefined) throw new Error('two instances were asked for');
  const [clock] = await Promise.all([configure(calls), configure(wire)]);
  const chosen = await chooseEvents(calls, wire, pairs);
  const desk = openDesk(calls, wire);
  const offset = measureOffset(calls, desk);
  const swept = sweepInstances(tracefs);

  const tapes = pairs.map((pair) => openTape(pair));
  function openTape(pair: Pair) {
    const tray = desk.tray(pair);
    const ready: Launcher[] = [];
    const all: Launcher[] = [];
    let refill: Promise<void> = Promise.resolve();
    let made = 0;
    const fill = async () => {
      const fresh = Array.from({ length: launchersKept - ready.length }, () => {
        const id = `${pair.tag}-${(made += 1)}`;
        return startLauncher(id, `${tracefs}/instances/${calls?.name ?? ''}/trace_marker`, `${options.scratch}/launch-${id}`);
      });
      all.push(...fresh);
      const pids = await Promise.all(fresh.map(({ id }) => desk.launched(id, pair)));
      await calls?.add('set_event_pid', pids.join(' '));
      ready.push(...fresh);
    };
    refill = fill();
    const programs: string[] = [];
    let lostBefore = desk.lost();
    const tape: KernelTape = {
      async launcher(host) {
        while (ready.length === 0) await refill;
        const launcher = ready.shift();
        if (launcher === undefined) throw new Error('no launcher is ready');
        if (ready.length < 2) refill = fill();
        programs.push(`${host} ${desk.numbersOf(launcher.id)}`);
        return launcher;
      },
      async cut() {
        await desk.settle();
        const blocks = [...tray.splice(0), ...desk.claim(pair)].toSorted((one, other) => Number(one.stampNs - other.stampNs));
        const lost = desk.lost() - lostBefore;
        lostBefore += lost;
        const { offsetNs, uncertaintyNs } = await offset;
        const header = [
          'echolab kernel trace',
          `kernel ${options.kernel}`,
          `tier stacks`,
          `clock ${clock} offset ${offsetNs} uncertainty ${uncertaintyNs}`,
          `events ${chosen.there.join(' ')}`,
          `missing ${chosen.missing.join(' ')}`,
          `lost ${lost}`,
          ...programs.splice(0).map((program) => `program ${program}`),
        ].map((line) => `# ${line.trimEnd()}`);
        const lines = [...header, ...blocks.flatMap((block) => block.lines)];
        const losses = lost > 0 ? [{ source: 'kernel.trace', count: lost, why: 'lost by the kernel’s ring of events' }] : [];
        return { recording: Buffer.from(lines.map((line) => `${line}\n`).join(''), 'latin1'), losses };
      },
    };
    return { pair, tape, end: async () => { await refill; for (const launcher of all) launcher.end(); } };
  }
  await offset;
  const kept = stack.move();
  return {
    tape: (pair) => {
      const found = tapes.find((one) => one.pair === pair);
      if (found === undefined) throw new Error(`no tape for the pair ${pair.tag}`);
      return found.tape;
    },
    async [Symbol.asyncDispose]() {
      desk.close();
      await Promise.all([swept, ...tapes.map(({ end }) => end())]);
      await kept.disposeAsync();
    },
  };
}

/** The first clock of these that the kernel has. tai: CLOCK_REALTIME plus a whole number of seconds, mostly 0. */
const clocks = ['tai', 'mono'];

async function configure(instance: Instance): Promise<string> {
  const offered = await instance.get('trace_clock');
  const clock = clocks.find((name) => offered.split(/[\s[\]]+/).includes(name)) ?? 'global';
  await instance.set('buffer_size_kb', String(bufferKb));
  await instance.set('trace_clock', clock);
  await instance.set('options/stacktrace', '1');
  await instance.set('options/event-fork', '1');
  return clock;
}

async function chooseEvents(calls: Instance, wire: Instance, pairs: readonly Pair[]) {
  // Before any event is on: until then the instance follows everybody. No process has the number 1 but init.
  const names = pairs.flatMap(({ client, server }) => [client.interface, server.interface]);
  const onNames = names.map((name) => `name == "${name}"`).join(' || ');
  const there: string[] = [];
  const missing: string[] = [];
  const enable = async (instance: Instance, event: string, filter: string | undefined) => {
    try {
      if (filter !== undefined) await instance.set(`events/${event}/filter`, filter);
      await instance.set(`events/${event}/enable`, '1');
      there.push(event.replace('/', ':'));
    } catch {
      missing.push(event.replace('/', ':'));
    }
  };
  await calls.set('set_event_pid', '1');
  for (const { event, filter } of followed) {
    await enable(calls, event, filter);
  }
  for (const event of onInterfaces) await enable(wire, event, onNames);
  for (const event of onSockets) await enable(wire, event, `sport == ${port} || dport == ${port}`);
  return { there: [...new Set(there)], missing: [...new Set(missing)] };
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

type Desk = ReturnType<typeof openDesk>;

/** Deals out what comes from the two instances. */
function openDesk(calls: Instance, wire: Instance) {
  const fromCalls = openBlocks();
  const fromWire = openBlocks();
  const trays = new Map<Pair, Block[]>();
  const owner = new Map<number, Pair>();
  const launchers = new Map<string, { pid: number; inside: string }>();
  const marks = new Map<string, bigint>();
  /** Whose a connection is; and events of connections that nobody has owned to yet. */
  const connections = new Map<string, Pair>();
  const strays: Block[] = [];

  const hear = (block: Block) => {
    const mark = /^tracing_mark_write: echolab (\w+) (\S+) ?(\S*)/.exec(block.text);
    const [, word, name = '', inside = ''] = mark ?? [];
    if (word === 'launcher') launchers.set(name, { pid: block.pid, inside });
    if (word === 'mark') marks.set(name, block.stampNs);
    if (mark !== null) return;
    const child = /^sched_process_fork: .*\bchild_pid=(\d+)/.exec(block.text)?.[1];
    const pair = owner.get(block.pid);
    if (child !== undefined && pair !== undefined) owner.set(Number(child), pair);
    if (pair === undefined) return;
    trays.get(pair)?.push(block);
    const connection = connectionOf(block);
    if (connection !== undefined) connections.set(connection, pair);
  };
  const drain = () => {
    for (const block of fromCalls.take(calls.drain())) hear(block);
    for (const block of fromWire.take(wire.drain())) {
      const mark = /^tracing_mark_write: echolab mark (\S+)/.exec(block.text)?.[1];
      if (mark !== undefined) marks.set(mark, block.stampNs);
      const name = /\bdev=(\S+)/.exec(block.text)?.[1];
      // What happens in a program's own context, the other instance has told.
      if (name === undefined && mark === undefined && !owner.has(block.pid)) strays.push(block);
      for (const [pair, tray] of trays) {
        if ([pair.client.interface, pair.server.interface].includes(name ?? '')) tray.push(block);
      }
    }
  };
  const timer = setInterval(drain, 100);
  const seen = async <T>(look: () => T | undefined): Promise<T> => {
    for (;;) {
      drain();
      const found = look();
      if (found !== undefined) return found;
      await pause(1);
    }
  };
  let count = 0;
  /** A line into the trace; gives its stamp once it has come back: then everything before it has, too. */
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
    /** Timers and softirqs work for sockets before any program has touched them: a connection that nobody has accepted. */
    claim(pair: Pair): Block[] {
      const own = strays.filter((block) => connections.get(connectionOf(block) ?? '') === pair);
      const rest = strays.filter((block) => !own.includes(block)).slice(-1000);
      strays.splice(0, strays.length, ...rest);
      return own;
    },
    tray(pair: Pair): Block[] {
      const tray: Block[] = [];
      trays.set(pair, tray);
      return tray;
    },
    mark,
    settle: () => Promise.all([mark(calls), mark(wire)]),
    lost: () => fromCalls.lost() + fromWire.lost(),
    async launched(id: string, pair: Pair): Promise<number> {
      const { pid } = await seen(() => launchers.get(id));
      owner.set(pid, pair);
      return pid;
    },
    numbersOf: (id: string) => `${launchers.get(id)?.pid ?? '?'} ${launchers.get(id)?.inside ?? '?'}`,
    close: () => clearInterval(timer),
  };
}

/** Epoch ns = stamp + offset, within the uncertainty: the best of some marks written between two readings. */
async function measureOffset(calls: Instance, desk: Desk) {
  let best: { offsetNs: bigint; uncertaintyNs: number } | undefined;
  for (let n = 0; n < 10; n += 1) {
    const { before, after, stampNs } = await desk.mark(calls);
    const half = (after - before) / 2n;
    const uncertaintyNs = Number(half) + 500;
    const offsetNs = before + half - (stampNs + 500n);
    if (best === undefined || uncertaintyNs < best.uncertaintyNs) best = { offsetNs, uncertaintyNs };
  }
  if (best === undefined) throw new Error('no mark was written');
  return best;
}
