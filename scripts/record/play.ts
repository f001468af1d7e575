/** Plays one scene on a pair of hosts, with every recorder running, and gives what they wrote. */
import type { Pair } from '../hosts/host.ts';
import { hostsOf, type HostName, type Scene, type Variant } from '../lessons/lesson.ts';
import type { Loss, Run, SceneRecord } from '../model/run.ts';
import { CannotPlay, hostNamed, perform, type Cast } from './act.ts';
import { awaitFence, fencePort, forgetNeighbours, sendFence } from './fence.ts';
import type { KernelTape } from './kernel.ts';
import type { Tape } from './recorder.ts';
import { readState } from './state.ts';
import type { Recording } from './store.ts';
import type { SymbolTables } from './symbols.ts';
import { patient } from './until.ts';

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
  /** Whether strace can walk stacks here. */
  readonly stacks?: Promise<NonNullable<Run['stacks']>>;
  /** Where names are found that strace misses. */
  readonly tables?: SymbolTables;
  /** False: the programs alone, for measuring what the recorders cost. */
  readonly traced: boolean;
}

type Played = Pick<SceneRecord, 'fences' | 'commands' | 'losses'> & { recordings: Recording[] };

/** @param n counts the scenes of this pair, retakes included: fences get their ports from it. */
export async function play(scene: Scene, variant: Variant, stage: Stage, n: number): Promise<Played> {
  const { pair } = stage;
  const hosts = hostsOf(scene).map((name) => hostNamed(stage, name));
  const tapes = stage.tapes.filter(({ of }) => of === undefined || hosts.some(({ name }) => name === of));
  const fences = { begin: fencePort(2 * n), end: fencePort(2 * n + 1) };
  const losses: Loss[] = [];
  const states = new Map<HostName, string>();
  const look = async (moment: string) => {
    const texts = await Promise.all(hosts.map((host) => readState(host, moment)));
    hosts.forEach((host, index) =>
      states.set(host.name, (states.get(host.name) ?? '') + (texts[index] ?? '')),
    );
  };

  if (stage.traced) {
    await Promise.all([sendFence(pair.client, hosts, fences.begin), forgetNeighbours(hosts)]);
    for (const tape of await awaitFence(tapes, fences.begin, hosts.length, patient(fenceLimitMs)))
      losses.push(missed(tape, 'begin'));
    await look('before');
  }

  const cast: Cast = {
    ...{ stage: { ...stage, tapes }, variant, look },
    ...{ trace: scene.trace ?? [], stacks: scene.stacks ?? false },
    ...{ programs: new Map(), names: new Map(), drops: new Map(), undo: [] },
  };
  const programs = () => [...cast.programs.values()];
  const limit = patient(limitMs);
  const overdue = setTimeout(() => {
    for (const program of programs())
      void program.kill(`killed by the lab after ${Math.round(limit / 1000)} s`);
  }, limit);
  try {
    for (const act of scene.story) await perform(act, cast);
  } catch (error) {
    if (!(error instanceof CannotPlay)) throw error;
    losses.push({ source: 'story', why: `it could not be played: ${error.message}` });
  } finally {
    clearTimeout(overdue);
    for (const program of programs())
      await program.kill('killed by the lab: the story was over').catch(() => undefined);
  }
  for (const undo of cast.undo.toReversed()) await undo();

  const taken = await Promise.all(programs().map((program) => program.take()));
  const recordings = taken.flatMap((one) => one.recordings);
  const commands = taken.map(({ command }) => ({ ...command, meant: meantFor(scene, command.host) }));
  if (!stage.traced) return { fences, losses, commands, recordings: [] };

  await look('after');
  await sendFence(pair.client, hosts, fences.end);
  for (const tape of await awaitFence(tapes, fences.end, hosts.length, patient(fenceLimitMs)))
    losses.push(missed(tape, 'end'));
  for (const tape of tapes) {
    const count = tape.lost();
    if (count > 0) losses.push({ source: tape.source, count, why: 'lost by the recorder' });
  }
  for (const tape of tapes) recordings.push([tape.source, tape.cut()]);
  const kernel = await stage.kernel?.cut();
  if (kernel !== undefined) {
    recordings.push(...kernel.recordings);
    losses.push(...kernel.losses);
  }
  for (const [host, text] of states) recordings.push([`${host}.state`, Buffer.from(text, 'latin1')]);
  return { fences, losses, commands, recordings };
}

function meantFor({ story }: Scene, name: string): string {
  const exited = story.find((act) => act.act === 'exited' && act.host === name);
  return `exit ${exited?.act === 'exited' ? (exited.status ?? 0) : 0}`;
}

const missed = (tape: Tape, fence: string): Loss => ({
  source: tape.source,
  why: `the ${fence} fence was not seen`,
});
