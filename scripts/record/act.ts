/** Performs the acts of a story (lessons/lesson.ts), one after the other. */
import { hostsOfPair, type Host, type Link } from '../hosts/host.ts';
import { port, type Act, type Arrival, type HostName, type Variant } from '../lessons/lesson.ts';
import { dropRule, shape, unshape } from './faults.ts';
import type { Stage } from './play.ts';
import { startProgram, type RunningProgram } from './program.ts';
import { stacksArgv, straceArgv } from './strace.ts';
import { until } from './until.ts';
import { namingFlags } from './user-stacks.ts';

/** A story that cannot be played here, for want of something in the kernel or the engine. */
export class CannotPlay extends Error {}

/** What the acts of one scene share. */
export interface Cast {
  readonly stage: Stage;
  readonly variant: Variant;
  /** System calls to trace beside the usual ones; and in place of them, each with the program's stack. */
  readonly trace: readonly string[];
  readonly stacks: boolean;
  readonly programs: Map<HostName, RunningProgram>;
  /** What `$names` in printed lines stand for. */
  readonly names: Map<string, string>;
  /** The rules that drop packets now, as iptables(8) takes them after -D. */
  readonly drops: Map<HostName, readonly string[]>;
  /** How to undo what an act did to a host, the last first. */
  readonly undo: (() => Promise<unknown>)[];
  readonly look: (moment: string) => Promise<void>;
}

export async function perform(act: Act, cast: Cast): Promise<void> {
  const { stage, programs, drops, undo } = cast;
  const on = (name: HostName): RunningProgram => {
    const program = programs.get(name);
    if (program === undefined) throw new Error(`the story uses ${name} before it has started`);
    return program;
  };
  switch (act.act) {
    case 'start':
      programs.set(act.host, await start(act, cast));
      return;
    case 'printed': {
      // A program that ends without the line must not hold up the scene.
      const found = await Promise.race([on(act.host).printed(patternOf(act.line)), on(act.host).exited]);
      for (const [name, word] of Object.entries(found?.groups ?? {})) cast.names.set(`$${name}`, word);
      return;
    }
    case 'arrived':
      if (!stage.traced) return;
      return until(() => hasArrived(stage, act.host, act), allEnded(programs));
    case 'state':
      return stage.traced ? cast.look(act.name) : undefined;
    case 'input':
      return on(act.host).input(act.text);
    case 'end-input':
      return on(act.host).endInput();
    case 'signal':
      return on(act.host).signal(act.signal);
    case 'waits':
      return on(act.host).waits();
    case 'exited':
      await on(act.host).exited;
      return;
    case 'drop': {
      const host = hostNamed(stage, act.host);
      const rule = dropRule(host, act);
      await possible(host.shell(`iptables -A ${rule}`));
      drops.set(act.host, [...(drops.get(act.host) ?? []), rule]);
      undo.push(() => letPass(act.host, cast));
      return;
    }
    case 'let-pass':
      return letPass(act.host, cast);
    case 'shape': {
      const host = hostNamed(stage, act.host);
      await possible(host.shell(shape(firstLink(host), act.rate)));
      undo.push(() => host.shell(unshape(firstLink(host))));
      return;
    }
    case 'file': {
      const host = hostNamed(stage, act.host);
      await possible(host.file(act.path, act.text));
      undo.push(() => host.undoFiles());
      return;
    }
    case 'sysctl': {
      const host = hostNamed(stage, act.host);
      const before = await possible(host.sysctl(act.name, act.value));
      undo.push(() => host.sysctl(act.name, before));
      return;
    }
    default:
      return unreachable(act);
  }
}

async function start(act: Extract<Act, { act: 'start' }>, cast: Cast): Promise<RunningProgram> {
  const { pair, paths, traced } = cast.stage;
  const { stacks, trace } = cast;
  const [runtime, protocol] = cast.variant.split('-');
  const { program = act.host, host: name } = act;
  const file = program.includes('/') ? program : `${runtime}/${protocol}-${program}`;
  const words = [act.address ?? pair.server.address, act.port ?? String(port), ...act.args];
  const named = stacks && traced ? namingFlags(paths.scratch) : [];
  const argv = [
    ...[paths.node, ...named],
    `${paths.lab}/${file}.ts`,
    ...words.map((word) => word.replace(/\$[a-z]\w*/gi, (key) => cast.names.get(key) ?? key)),
  ];
  const host = hostNamed(cast.stage, name);
  const log = `${paths.scratch}/${pair.tag}-${name}.strace`;
  const { recorded = false, walker } = (stacks && (await cast.stage.stacks)) || {};
  const options = {
    log: traced ? log : undefined,
    tracer: stacks ? stacksArgv(log, trace, recorded) : straceArgv(log, trace),
    // V8's map alone is thousands of writes, each an event of the kernel's tracer.
    followed: !stacks,
    ...(named.length > 0 && {
      // The other library, libdw, prints addresses; it has read the files' tables itself.
      names: { folder: paths.scratch, tables: walker === 'libunwind' ? cast.stage.tables : undefined },
    }),
  };
  return startProgram(host, argv, options);
}

async function letPass(name: HostName, { stage, drops }: Cast): Promise<void> {
  const rules = drops.get(name) ?? [];
  drops.delete(name);
  for (const rule of rules) await hostNamed(stage, name).shell(`iptables -D ${rule}`);
}

/** The beginning of a line; a `$name` takes one word. */
const patternOf = (line: string): RegExp =>
  new RegExp(
    `^${line
      .split(/(\$[a-z]\w*)/i)
      .map((part) => (/^\$[a-z]/i.test(part) ? `(?<${part.slice(1)}>[^\\s:,]+)` : RegExp.escape(part)))
      .join('')}`,
  );

export function hostNamed({ pair }: Pick<Stage, 'pair'>, name: HostName): Host {
  const host = hostsOfPair(pair).find((one) => one.name === name);
  if (host === undefined) throw new Error(`this pair has no ${name}`);
  return host;
}

function firstLink({ name, links: [link] }: Host): Link {
  if (link === undefined) throw new Error(`${name} has no link`);
  return link;
}

/** What fails here is not the lab's fault: a module the kernel does not have, a right that the engine does not give. */
async function possible<T>(act: Promise<T>): Promise<T> {
  return act.catch((error: unknown) => {
    throw new CannotPlay(error instanceof Error ? error.message : String(error), { cause: error });
  });
}

/** The packets in the host's capture, of the lesson's port and to this host, satisfy it. */
function hasArrived({ tapes, pair }: Stage, name: HostName, wanted: Arrival): boolean {
  const { address } = hostNamed({ pair }, name);
  const packets = (tapes.find(({ source }) => source === `${name}.pcap`)?.packets() ?? []).filter(
    (packet) =>
      (packet.protocol === 'tcp' || packet.protocol === 'udp') &&
      packet.dst === address &&
      [packet.sport, packet.dport].includes(port),
  );
  const like = packets.filter(
    (packet) =>
      (wanted.flags === undefined || (packet.protocol === 'tcp' && packet.flags === wanted.flags)) &&
      (wanted.window === undefined || (packet.protocol === 'tcp' && packet.window === wanted.window)),
  );
  const bytes = like.map((packet) => ('payloadLength' in packet ? packet.payloadLength : 0));
  return like.length > 0 && bytes.reduce((sum, one) => sum + one, 0) >= (wanted.bytes ?? 0);
}

const allEnded = (programs: ReadonlyMap<HostName, RunningProgram>) => () =>
  [...programs.values()].every((program) => program.ended());

function unreachable(act: never): never {
  throw new Error(`the engine has no word for ${JSON.stringify(act)}`);
}
