/** Plays one scene on a pair of hosts, with every recorder running, and gives what they wrote. */
import type { Host, Pair } from '../hosts/host.ts';
import { port, type Act, type Scene, type Variant } from '../lessons/lesson.ts';
import type { Loss, SceneRecord } from '../model/run.ts';
import { awaitFence, fencePort, forgetNeighbours, sendFence } from './fence.ts';
import { startProgram, type RunningProgram } from './program.ts';
import type { KernelTape } from './kernel.ts';
import type { Tape } from './recorder.ts';
import { readState } from './state.ts';
import type { Recording } from './store.ts';
import { patient, until } from './until.ts';

/** A scene that takes longer is ended by force: no lesson waits longer than this for anything. */
const limitMs = 10_000;
/** How long a recorder may take to show a fence that is already in the kernel. */
const fenceLimitMs = 2_000;

export interface Stage {
  readonly pair: Pair;
  readonly tapes: readonly Tape[];
  /** Where the kernel's tracer can be used. */
  readonly kernel?: KernelTape | undefined;
  readonly paths: { readonly node: string; readonly lab: string; readonly scratch: string };
  /** False: the programs alone, for measuring what the recorders cost. */
  readonly traced: boolean;
}

type Played = Pick<SceneRecord, 'fences' | 'commands' | 'losses'> & { recordings: Recording[] };

/** @param n counts the scenes of this pair, retakes included: fences get their ports from it. */
export async function play(scene: Scene, variant: Variant, stage: Stage, n: number): Promise<Played> {
  const { pair, tapes } = stage;
  const hosts = [pair.client, pair.server];
  const fences = { begin: fencePort(2 * n), end: fencePort(2 * n + 1) };
  const losses: Loss[] = [];
  const states = new Map<string, string>();
  const look = async (moment: string) => {
    const texts = await Promise.all(hosts.map((host) => readState(host, moment)));
    hosts.forEach((host, index) =>
      states.set(host.name, (states.get(host.name) ?? '') + (texts[index] ?? '')),
    );
  };

  if (stage.traced) {
    await sendFence(pair, fences.begin);
    for (const tape of await awaitFence(tapes, fences.begin, patient(fenceLimitMs)))
      losses.push(missed(tape, 'begin'));
    await forgetNeighbours(pair);
    await look('before');
  }

  const programs = new Map<string, RunningProgram>();
  const limit = patient(limitMs);
  const overdue = setTimeout(() => {
    for (const program of programs.values())
      void program.kill(`killed by the lab after ${Math.round(limit / 1000)} s`);
  }, limit);
  try {
    for (const act of scene.story) await perform(act, variant, stage, programs, look);
  } finally {
    clearTimeout(overdue);
    for (const program of programs.values())
      await program.kill('killed by the lab: the story was over').catch(() => undefined);
  }

  const taken = await Promise.all([...programs.values()].map((program) => program.take()));
  const recordings = taken.flatMap((one) => one.recordings);
  const commands = taken.map((one) => one.command);
  if (!stage.traced) return { fences, losses, commands, recordings: [] };

  await look('after');
  await sendFence(pair, fences.end);
  for (const tape of await awaitFence(tapes, fences.end, patient(fenceLimitMs)))
    losses.push(missed(tape, 'end'));
  for (const tape of tapes) {
    const count = tape.lost();
    if (count > 0) losses.push({ source: tape.source, count, why: 'lost by the recorder' });
  }
  await Promise.all(hosts.map((host) => host.shell(undoFaults)));
  for (const tape of tapes) recordings.push([tape.source, tape.cut()]);
  const kernel = await stage.kernel?.cut();
  if (kernel !== undefined) {
    recordings.push(...kernel.recordings);
    losses.push(...kernel.losses);
  }
  for (const [host, text] of states) recordings.push([`${host}.state`, Buffer.from(text, 'latin1')]);
  return { fences, losses, commands, recordings };
}

const missed = (tape: Tape, fence: string): Loss => ({
  source: tape.source,
  why: `the ${fence} fence was not seen`,
});

async function perform(
  act: Act,
  variant: Variant,
  stage: Stage,
  programs: Map<string, RunningProgram>,
  look: (moment: string) => Promise<void>,
): Promise<void> {
  const { pair, paths } = stage;
  const on = (name: string): RunningProgram => {
    const program = programs.get(name);
    if (program === undefined) throw new Error(`the story uses ${name} before it has started`);
    return program;
  };
  switch (act.act) {
    case 'start': {
      const host = pair[act.host];
      const [runtime, protocol] = variant.split('-');
      const file = `${paths.lab}/${runtime}/${protocol}-${act.host}.ts`;
      const launcher = await stage.kernel?.launcher(act.host);
      const argv = [paths.node, file, pair.server.address, String(port), ...act.args];
      programs.set(
        act.host,
        startProgram(host, argv, { scratch: paths.scratch, tag: pair.tag, traced: stage.traced, launcher }),
      );
      return;
    }
    case 'printed':
      // A program that ends without the line must not hold up the scene.
      return Promise.race([on(act.host).printed(act.line), on(act.host).exited]);
    case 'arrived':
      if (!stage.traced) return;
      return until(() => arrived(stage, act.host, act.flags), on(act.host).ended);
    case 'state':
      return stage.traced ? look(act.name) : undefined;
    case 'end-input':
      return on(act.host).endInput();
    case 'terminate':
      return on(act.host).terminate();
    case 'exited':
      return on(act.host).exited;
    case 'drop':
      return drop(pair[act.host], act.flags);
    case 'let-pass':
      await pair[act.host].shell(undoFaults);
      return;
    default:
      return unreachable(act);
  }
}

/** Behind the LOG rules: a packet is logged, then dropped. */
async function drop(host: Host, flags: string): Promise<void> {
  const set = flags.split(' ').join(',');
  await host.shell(
    `iptables -A INPUT -p tcp --sport ${port} --tcp-flags SYN,ACK,FIN,RST ${set} -m comment --comment fault -j DROP`,
  );
}

/** Deletes the rules of this scene's faults, those with the comment. */
const undoFaults = `iptables -S | sed -n '/--comment fault/s/^-A/iptables -D/p' | sh -e`;

/** A TCP segment of the lesson's port with these flags is in the host's capture. */
function arrived({ tapes }: Stage, host: string, flags: string): boolean {
  const packets = tapes.find(({ source }) => source === `${host}.pcap`)?.packets() ?? [];
  return packets.some(
    (packet) =>
      packet.protocol === 'tcp' && packet.flags === flags && [packet.sport, packet.dport].includes(port),
  );
}

function unreachable(act: never): never {
  throw new Error(`the engine has no word for ${JSON.stringify(act)}`);
}
