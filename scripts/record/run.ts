/** Records a run: every scene of the chosen lessons, in parallel on the pairs of hosts. */
import { join } from 'node:path';
import type { Backend, Pair } from '../hosts/host.ts';
import type { Lesson, Scene, Variant } from '../lessons/lesson.ts';
import type { Loss, Run, SceneRecord } from '../model/run.ts';
import { nowNs } from './clock.ts';
import { openKernelLog, type KernelLog } from './kernel-log.ts';
import { tryKernelRecorder } from './kernel.ts';
import { installRules, nflogGroup } from './netfilter.ts';
import { play, type Stage } from './play.ts';
import type { Tape } from './recorder.ts';
import { finishRun, writeRecordings } from './store.ts';
import { startTcpdump } from './tcpdump.ts';

export interface Part {
  readonly lesson: string;
  readonly variant: Variant;
  readonly scene: Scene;
}

export interface RecordOptions {
  readonly backend: Backend;
  readonly parts: readonly Part[];
  readonly folder: string;
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
  const { backend, folder, traced } = options;
  const { netfilter, kernelRing } = backend;
  await using stack = new AsyncDisposableStack();
  const about = describe(backend);
  const kernelLog = traced && kernelRing ? await openKernelLog(kernelRing) : undefined;
  const kernel = traced ? tryKernelRecorder(backend) : undefined;
  stack.defer(async () => (await kernel)?.[Symbol.asyncDispose]?.());
  const tapes = new Map<Pair, Tape[]>();
  // All at once: each tcpdump takes its time to end.
  stack.defer(async () => {
    await Promise.all([...tapes.values()].flat().map((tape) => tape[Symbol.asyncDispose]()));
  });
  // Each pair takes the next part as soon as it is free; the longest waits stand first in the list.
  const queue = options.parts.toSorted((one, other) => (other.scene.waitsMs ?? 0) - (one.scene.waitsMs ?? 0));
  const scenes: (SceneRecord & { pair: Pair })[] = [];
  await Promise.all(
    backend.pairs.map(async (pair) => {
      const [opened, tracer] = await Promise.all([traced ? openTapes(pair, kernelLog) : [], kernel]);
      tapes.set(pair, opened);
      const stage: Stage = {
        ...{ pair, tapes: opened, paths: backend.paths, traced },
        kernel: tracer?.tape?.(pair),
      };
      let n = 0;
      for (let part = queue.shift(); part !== undefined; part = queue.shift()) {
        const recorded = await recordPart(part, stage, { ...options, first: n });
        n += recorded.takes;
        scenes.push({ ...recorded, pair });
      }
    }),
  );

  const clock = await kernelLog?.clock();
  const wallMs = performance.now() - begun;
  await stack.disposeAsync();
  const late = new Map([...tapes].map(([pair, opened]) => [pair, lossesAtTheEnd(opened)]));
  const run: Run = {
    format: 1,
    startedNs: String(startedNs),
    wallMs,
    ...(await about),
    backend: backend.name,
    user: process.getuid?.() === 0 ? 'root' : 'ordinary',
    netfilter,
    ...(kernel && { kernel: (await kernel).reached }),
    ...(clock && { kernelClock: { offsetNs: String(clock.offsetNs), uncertaintyNs: clock.uncertaintyNs } }),
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

const versionFlags = {
  strace: '-V',
  tcpdump: '--version',
  iptables: '--version',
  ip: '-V',
  unshare: '--version',
};

/** The hosts are asked: with a remote engine their machine, and always their tools, are not those of the lab. */
async function describe(backend: Backend): Promise<Pick<Run, 'machine' | 'tools'>> {
  const [pair] = backend.pairs;
  if (pair === undefined) throw new Error('the backend gave no pair');
  const ask = (script: string) => pair.server.shell(`{ ${script}; } 2>&1 || true`);
  const tools = Object.entries(versionFlags).map(async ([tool, flag]) => {
    return [tool, /\d+(\.\d+)+/.exec(await ask(`${tool} ${flag}`))?.[0] ?? 'unknown'] as const;
  });
  const [about, node, ...versions] = await Promise.all([
    ask('uname -r; uname -m; grep -c ^processor /proc/cpuinfo; sed -n "s/^PRETTY_NAME=//p" /etc/os-release'),
    ask(`${backend.paths.node} -p 'process.versions.node + " " + process.versions.uv'`),
    ...tools,
  ]);
  const [kernel = 'unknown', arch = 'unknown', cpus = '0', system = 'unknown'] = about.split('\n');
  const [version = 'unknown', libuv = 'unknown'] = node.trim().split(' ');
  return {
    machine: { kernel, arch: nodeArch[arch] ?? arch, cpus: Number(cpus), system: system.replaceAll('"', '') },
    tools: { ...Object.fromEntries(versions), node: version, libuv },
  };
}

/** What uname(1) and Node call an architecture. */
const nodeArch: Readonly<Record<string, string>> = { x86_64: 'x64', aarch64: 'arm64' };
