/** Records a run: every scene of the chosen lessons, in parallel on the pairs of hosts. */
import { join } from 'node:path';
import { hostsOfPair, type Backend, type Pair } from '../hosts/host.ts';
import { hostsOf, type Lesson, type Scene, type Variant } from '../lessons/lesson.ts';
import type { Loss, Run, SceneRecord } from '../model/run.ts';
import { nowNs } from './clock.ts';
import { openKernelLog, type KernelLog } from './kernel-log.ts';
import { openFences } from './fence.ts';
import { tryKernelRecorder } from './kernel.ts';
import { installRules, nflogGroup } from './netfilter.ts';
import { hostNamed } from './act.ts';
import { play, type Stage } from './play.ts';
import type { Tape } from './recorder.ts';
import { finishRun, writeRecordings } from './store.ts';
import { openSymbolTables } from './symbols.ts';
import { startTcpdump } from './tcpdump.ts';
import { checkStacks } from './user-stacks.ts';

/** A scene to play, and the lessons that tell it: the same words are played once. */
export interface Part {
  readonly variant: Variant;
  readonly scene: Scene;
  readonly told: readonly { readonly lesson: string; readonly scene: string }[];
}

export interface RecordOptions {
  readonly backend: Backend;
  readonly parts: readonly Part[];
  readonly folder: string;
  readonly traced: boolean;
  /** Called when a scene begins and when it has ended. */
  readonly progress: (part: Part, state: 'begins' | 'again' | 'done') => void;
}

export function partsOf(lessons: readonly Lesson[]): Part[] {
  const all = lessons.flatMap((lesson) =>
    lesson.scenes.flatMap((scene) =>
      scene.variants.map((variant) => ({ lesson: lesson.id, variant, scene })),
    ),
  );
  const same = Map.groupBy(all, ({ variant, scene: { story, trace, stacks } }) =>
    JSON.stringify([variant, story, trace, stacks]),
  );
  return [...same.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    return [{ ...first, told: group.map(({ lesson, scene }) => ({ lesson, scene: scene.id })) }];
  });
}

export async function record(options: RecordOptions): Promise<Run> {
  const startedNs = nowNs();
  const begun = performance.now();
  const { backend, folder, traced } = options;
  const { netfilter, kernelRing } = backend;
  await using stack = new AsyncDisposableStack();
  const about = describe(backend);
  about.catch(() => undefined); // whoever waits for it is told
  const kernelLog = traced && kernelRing ? await openKernelLog(kernelRing) : undefined;
  const kernel = traced ? tryKernelRecorder(backend) : undefined;
  stack.defer(async () => (await kernel)?.[Symbol.asyncDispose]?.());
  const stacks =
    traced && options.parts.some(({ scene }) => scene.stacks) ? checkStacks(backend.pairs[0]) : undefined;
  const tables = openSymbolTables();
  const tapes = new Map<Pair, Tape[]>();
  // All at once: each tcpdump takes its time to end.
  stack.defer(async () => {
    await Promise.all([...tapes.values()].flat().map((tape) => tape[Symbol.asyncDispose]()));
  });
  const next = dealer(options.parts, backend.pairs);
  const scenes: (SceneRecord & { pair: Pair })[] = [];
  await Promise.all(
    backend.pairs.map(async (pair) => {
      const [opened, tracer] = await Promise.all([traced ? openTapes(pair, kernelLog) : [], kernel]);
      tapes.set(pair, opened);
      const stage: Stage = {
        ...{ pair, tapes: opened, paths: backend.paths, traced, tables, ...(stacks && { stacks }) },
        kernel: tracer?.tape?.(pair),
      };
      let n = 0;
      for (let part = next(pair); part !== undefined; part = next(pair)) {
        const recorded = await recordPart(part, stage, { ...options, first: n });
        n += recorded[0]?.takes ?? 0;
        scenes.push(...recorded.map((scene) => ({ ...scene, pair })));
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
    ...(stacks && { stacks: await stacks }),
    ...(clock && { kernelClock: { offsetNs: String(clock.offsetNs), uncertaintyNs: clock.uncertaintyNs } }),
    scenes: scenes.map(({ pair, ...scene }) => ({
      ...scene,
      losses: [...scene.losses, ...(late.get(pair) ?? [])],
    })),
  };
  const order = options.parts.flatMap(({ told, variant }) =>
    told.map(({ lesson, scene }) => key(lesson, variant, scene)),
  );
  const place = (scene: SceneRecord) => order.indexOf(key(scene.lesson, scene.variant, scene.scene));
  run.scenes = run.scenes.toSorted((one, other) => place(one) - place(other));
  if (traced) await finishRun(folder, run);
  return run;
}

const key = (...names: string[]) => names.join('/');

/**
 * Each pair takes the next part as soon as it is free. Half of them begin with the longest waits, the others with
 * the shortest, so that while some wait for the kernel's timers the cores have work.
 */
function dealer(parts: readonly Part[], pairs: readonly Pair[]) {
  const queue = parts.toSorted((one, other) => (other.scene.waitsMs ?? 0) - (one.scene.waitsMs ?? 0));
  return (pair: Pair): Part | undefined => {
    const can = ({ scene }: Part) => pair.stranger !== undefined || !needsStranger(scene);
    const index = pairs.indexOf(pair) % 2 === 0 ? queue.findIndex(can) : queue.findLastIndex(can);
    return index === -1 ? undefined : queue.splice(index, 1)[0];
  };
}

const needsStranger = (scene: Scene): boolean => hostsOf(scene).includes('stranger');

async function openTapes(pair: Pair, kernelLog: KernelLog | undefined): Promise<Tape[]> {
  const hosts = hostsOfPair(pair);
  await Promise.all([installRules(pair, kernelLog ? 'LOG' : 'NFLOG'), openFences(hosts)]);
  return Promise.all([
    // The first link of each: all there are, as the client's other one ends at the stranger.
    ...hosts.map((host) => startTcpdump(host, host.links[0]?.interface ?? '', `${host.name}.pcap`)),
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
): Promise<SceneRecord[]> {
  const { variant, scene, told } = part;
  options.progress(part, 'begins');
  let takes = 1;
  let played = await play(scene, variant, stage, options.first);
  if (played.losses.some(({ source }) => source !== 'story')) {
    options.progress(part, 'again');
    takes = 2;
    played = await play(scene, variant, stage, options.first + 1);
  }
  const folderOf = (one: Part['told'][number]) =>
    join(one.lesson, variant, one.scene === 'main' ? '' : one.scene);
  const folders = told.map((one) => join(options.folder, folderOf(one)));
  const files = options.traced ? await writeRecordings(folders, played.recordings) : {};
  options.progress(part, 'done');
  const { pair } = stage;
  const hosts = hostsOf(scene).map((name) => {
    const { address, links } = hostNamed(stage, name);
    return {
      name,
      address,
      links: links.map(({ to, interface: link, index }) => ({ to, interface: link, index })),
    };
  });
  const { fences, commands, losses } = played;
  return told.map((one) => ({
    ...{
      ...one,
      variant,
      folder: folderOf(one),
      tag: pair.tag,
      hosts,
      fences,
      takes,
      commands,
      losses,
      files,
    },
  }));
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
