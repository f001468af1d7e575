/** Records a run: every scene of the chosen lessons, in parallel on the pairs of hosts. */
import { cpus, release, arch } from 'node:os';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Backend, Pair } from '../hosts/host.ts';
import type { Lesson, Scene, Variant } from '../lessons/lesson.ts';
import type { Loss, Run, SceneRecord } from '../model/run.ts';
import { nowNs } from './clock.ts';
import { openKernelLog, type KernelLog } from './kernel-log.ts';
import { installRules, nflogGroup } from './netfilter.ts';
import { play, type Stage } from './play.ts';
import type { Tape } from './recorder.ts';
import { finishRun, writeRecordings } from './store.ts';
import { startTcpdump } from './tcpdump.ts';
import { versionOf } from './tool.ts';

export interface Part {
  readonly lesson: string;
  readonly variant: Variant;
  readonly scene: Scene;
}

export interface RecordOptions {
  readonly backend: Backend;
  readonly parts: readonly Part[];
  readonly folder: string;
  readonly netfilter: Run['netfilter'];
  readonly traced: boolean;
  /** Called when a scene begins and when it has ended. */
  readonly progress: (part: Part, state: 'begins' | 'again' | 'done') => void;
}

export const partsOf = (lessons: readonly Lesson[]): Part[] =>
  lessons.flatMap((lesson) =>
    lesson.scenes.flatMap((scene) =>
      scene.variants.map((variant) => ({ lesson: lesson.id, variant, scene })),
    ),
  );

export async function record(options: RecordOptions): Promise<Run> {
  const startedNs = nowNs();
  const begun = performance.now();
  const { backend, folder, netfilter, traced } = options;
  await using stack = new AsyncDisposableStack();
  const tools = versions();
  const kernelLog = traced && netfilter.recorder === 'LOG' ? stack.use(openKernelLog()) : undefined;
  const tapes = new Map<Pair, Tape[]>();
  await Promise.all(
    backend.pairs.map(async (pair) => {
      if (!traced) return tapes.set(pair, []);
      const opened = await openTapes(pair, kernelLog);
      for (const tape of opened) stack.use(tape);
      return tapes.set(pair, opened);
    }),
  );

  // Each pair takes the next part when it is free; the longest waits stand first in the list.
  const queue = options.parts.toSorted((one, other) => (other.scene.waitsMs ?? 0) - (one.scene.waitsMs ?? 0));
  const scenes: (SceneRecord & { pair: Pair })[] = [];
  await Promise.all(
    backend.pairs.map(async (pair) => {
      const stage: Stage = { pair, tapes: tapes.get(pair) ?? [], paths: backend.paths, traced };
      let n = 0;
      for (let part = queue.shift(); part !== undefined; part = queue.shift()) {
        const recorded = await recordPart(part, stage, { ...options, first: n });
        n += recorded.takes;
        scenes.push({ ...recorded, pair });
      }
    }),
  );

  const clock = kernelLog?.clock();
  const wallMs = performance.now() - begun;
  await stack.disposeAsync();
  const late = new Map([...tapes].map(([pair, opened]) => [pair, lossesAtTheEnd(opened)]));
  const run: Run = {
    format: 1,
    startedNs: String(startedNs),
    wallMs,
    machine: { kernel: release(), arch: arch(), cpus: cpus().length, system: await systemName() },
    backend: backend.name,
    user: process.getuid?.() === 0 ? 'root' : 'ordinary',
    netfilter,
    ...(clock && { kernelClock: { offsetNs: String(clock.offsetNs), uncertaintyNs: clock.uncertaintyNs } }),
    tools: await tools,
    scenes: scenes.map(({ pair, ...scene }) => ({
      ...scene,
      losses: [...scene.losses, ...(late.get(pair) ?? [])],
    })),
  };
  const order = new Map(
    options.parts.map((part, index) => [key(part.lesson, part.variant, part.scene.id), index]),
  );
  const place = (scene: SceneRecord) => order.get(key(scene.lesson, scene.variant, scene.scene)) ?? 0;
  run.scenes = run.scenes.toSorted((one, other) => place(one) - place(other));
  if (traced) await finishRun(folder, run);
  return run;
}

const key = (...names: string[]) => names.join('/');

async function openTapes(pair: Pair, kernelLog: KernelLog | undefined): Promise<Tape[]> {
  await installRules(pair, kernelLog ? 'LOG' : 'NFLOG');
  const hosts = [pair.client, pair.server];
  return Promise.all([
    ...hosts.map((host) => startTcpdump(host, host.interface, `${host.name}.pcap`)),
    ...(kernelLog
      ? [kernelLog.tape(pair.tag)]
      : hosts.map((host) => startTcpdump(host, `nflog:${nflogGroup}`, `${host.name}.nflog.pcap`))),
  ]);
}

/** Records a part, and once more if a recorder missed a fence or lost something. */
async function recordPart(
  part: Part,
  stage: Stage,
  options: RecordOptions & { first: number },
): Promise<SceneRecord> {
  const { lesson, variant, scene } = part;
  options.progress(part, 'begins');
  let takes = 1;
  let played = await play(scene, variant, stage, options.first);
  if (played.losses.length > 0) {
    options.progress(part, 'again');
    takes = 2;
    played = await play(scene, variant, stage, options.first + 1);
  }
  const folder = scene.id === 'main' ? join(lesson, variant) : join(lesson, variant, scene.id);
  const files = options.traced ? await writeRecordings(join(options.folder, folder), played.recordings) : {};
  options.progress(part, 'done');
  const { pair } = stage;
  const hosts = [pair.client, pair.server].map(({ name, address, interface: link }) => ({
    name,
    address,
    interface: link,
  }));
  const { fences, commands, losses } = played;
  return {
    lesson,
    variant,
    scene: scene.id,
    folder,
    tag: pair.tag,
    hosts,
    fences,
    takes,
    commands,
    losses,
    files,
  };
}

/** tcpdump says only at its end what it lost: that is held against every scene it recorded. */
const lossesAtTheEnd = (tapes: readonly Tape[]): Loss[] =>
  tapes
    .map((tape) => ({
      source: tape.source,
      count: tape.lost(),
      why: 'lost by the recorder, in some scene of this pair',
    }))
    .filter(({ count }) => count > 0);

async function versions(): Promise<Record<string, string>> {
  const tools = { strace: '-V', tcpdump: '--version', iptables: '--version', ip: '-V', unshare: '--version' };
  const found = await Promise.all(
    Object.entries(tools).map(async ([tool, flag]) => [tool, await versionOf(tool, [flag])]),
  );
  return {
    ...Object.fromEntries(found),
    node: process.version.slice(1),
    libuv: process.versions['uv'] ?? '',
  };
}

async function systemName(): Promise<string> {
  const text = await readFile('/etc/os-release', 'utf8').catch(() => '');
  return /^PRETTY_NAME="?([^"\n]*)/m.exec(text)?.[1] ?? 'unknown';
}
