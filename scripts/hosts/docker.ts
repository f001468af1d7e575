/**
 * Hosts as Docker containers, driven through the docker client and pipes: it works with an engine elsewhere, and no
 * file in the checkout is ever another user's.
 *
 * docker/README.md tells which containers there are, what each may do, and why.
 */
import { cleanDocker } from './docker-clean.ts';
import { compiledMount, fetchCompiled, keepCompiled } from './docker-compiled.ts';
import { openKernelRing } from './docker-kernel-log.ts';
import { copiedFiles, mountedFiles, scratch, type Files } from './docker-files.ts';
import { findImage, findImageWithNode, type Say } from './docker-image.ts';
import { endAll, openPair, type OpenedPair } from './docker-pair.ts';
import { findEngine, isObstacle, type Engine } from './engine.ts';
import { CannotRun, type Backend, type Obstacle } from './host.ts';
import { openDockerTracefs, type DockerTracefs } from './docker-tracefs.ts';
import { switchedOff } from './tracefs.ts';

export interface DockerOptions {
  /** Four characters, this lab's own. */
  readonly tag: string;
  /** How many pairs of hosts. */
  readonly count: number;
  /** So many of them with a third host. */
  readonly strangers: number;
  /** Paths on this machine: the folder with the programs, and Node. */
  readonly lab: string;
  readonly node: string;
  /** A folder where Node keeps the programs' compiled form from run to run. */
  readonly compiled: string;
  /** False: nobody will read the netfilter rules. */
  readonly traced: boolean;
  readonly say: Say;
  /** Where it was asked for already. */
  readonly engine?: Engine;
}

/** Makes the image where there is none, then the hosts. @throws CannotRun */
export async function openDocker(options: DockerOptions): Promise<Backend> {
  const engine = options.engine ?? (await findEngine());
  if (isObstacle(engine)) throw new CannotRun(engine);
  const image = await findImage(engine.arch, options.say);
  // What another lab left does not stand in this one's way.
  void cleanDocker();
  const { traced, tag } = options;
  const opened: AsyncDisposable[] = [];
  await using stack = new AsyncDisposableStack();
  stack.defer(() => endAll(opened));
  const keep = <T extends AsyncDisposable>(one: T | Obstacle) => {
    if (!isObstacle(one)) opened.push(one);
    return one;
  };
  const starting = [
    openHosts(options, engine, image).then((hosts) => {
      opened.push(...hosts.pairs);
      return hosts;
    }),
    traced ? openKernelRing(image, tag).then(keep) : Promise.resolve(undefined),
    tracer(options, image).then(keep),
  ] as const;
  await Promise.allSettled(starting); // none of them can still begin anything
  const [{ pairs, node, keep: keepFiles }, log, tracefs] = await Promise.all(starting);
  const broken = Promise.race([
    ...pairs.flatMap((pair) => pair.containers.map(({ shell }) => shell.broken)),
    ...(isObstacle(tracefs) ? [] : [tracefs.broken]),
  ]);
  broken.catch(() => undefined); // whoever does not ask need not care
  const kept = stack.move();
  return {
    name: 'docker',
    pairs: pairs.map(({ pair }) => pair),
    paths: { node, lab: '/run/echolab/lab', scratch },
    broken,
    tracefs,
    ...netfilterOf(log),
    async [Symbol.asyncDispose]() {
      await keepFiles?.().catch(() => undefined); // what is not kept is compiled anew
      await kept.disposeAsync();
    },
  };
}

async function tracer({ traced, tag }: DockerOptions, image: string): Promise<DockerTracefs | Obstacle> {
  const unused = {
    what: 'the kernel’s tracer is not used',
    why: 'the programs run untraced',
    mend: 'leave --untraced away',
  };
  return traced ? (switchedOff() ?? openDockerTracefs(image, tag)) : unused;
}

function netfilterOf(
  log: Awaited<ReturnType<typeof openKernelRing>> | undefined,
): Pick<Backend, 'netfilter' | 'kernelRing'> {
  if (log === undefined) return { netfilter: { recorder: 'NFLOG' } };
  if (isObstacle(log)) return { netfilter: { recorder: 'NFLOG', why: `${log.what}: ${log.why}` } };
  return { netfilter: { recorder: 'LOG' }, kernelRing: log };
}

interface Hosts {
  readonly pairs: readonly OpenedPair[];
  readonly node: string;
  /** Where they are to leave something on this machine. */
  readonly keep?: () => Promise<void>;
}

/** By mounts where the engine may see our files; by copies where it turns out that it does not. */
async function openHosts(options: DockerOptions, engine: Engine, image: string): Promise<Hosts> {
  const ourArch = process.platform === 'linux' && dockerArch[process.arch] === engine.arch;
  if (ourArch && mayShareFiles()) {
    const files = mountedFiles(options, await compiledMount(options.compiled));
    const mounted = await tryFiles(options, image, files).catch((error: unknown) => {
      if (
        error instanceof CannotRun &&
        /bind source path does not exist|invalid mount/.test(error.obstacle.why)
      )
        return undefined;
      throw error;
    });
    if (mounted !== undefined) {
      const hosts = mounted.pairs.flatMap((pair) => pair.hosts);
      await Promise.all(hosts.map(fetchCompiled));
      return { ...mounted, keep: () => keepCompiled(hosts, options.compiled) };
    }
    options.say('the engine does not see this checkout; copying lab/ into the hosts');
  }
  const files = copiedFiles(options);
  const withNode = ourArch ? await findImageWithNode(image, options.node, false) : undefined;
  const copied = await tryFiles(options, withNode ?? image, files);
  if (copied !== undefined) return copied;
  if (!ourArch) throw new CannotRun(noNode);
  options.say('the image has no Node; building one with ours');
  const built = await findImageWithNode(image, options.node, true);
  const placed = built === undefined ? undefined : await tryFiles(options, built, files);
  if (placed === undefined) throw new Error('the image that was given a Node has none');
  return placed;
}

const noNode = {
  what: 'the image has no Node',
  why: 'the engine runs on another kind of machine, for which this machine’s Node is not made',
  mend: 'LAB_BASE=node:26-slim, or another base with Node 24 or newer, then make image',
};

/** A socket may lead to this machine; anything else leads away from it. */
const mayShareFiles = (): boolean => /^(unix:|$)/.test(process.env['DOCKER_HOST'] ?? '');

const dockerArch: Readonly<Partial<Record<NodeJS.Architecture, string>>> = { x64: 'amd64', arm64: 'arm64' };

async function tryFiles(options: DockerOptions, image: string, files: Files): Promise<Hosts | undefined> {
  const { tag, count, strangers } = options;
  const numbers = Array.from({ length: count }, (_, index) => index);
  const tries = await Promise.allSettled(
    numbers.map((index) => openPair(tag, index, index < strangers, image, files)),
  );
  const pairs = tries.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  try {
    for (const one of tries) if (one.status === 'rejected') throw one.reason;
    const containers = pairs.flatMap((pair) => pair.containers);
    const nodes = await Promise.all(containers.map((container) => files.place(container)));
    const [node] = nodes;
    if (node === undefined || nodes.includes(undefined)) {
      await endAll(pairs);
      return undefined;
    }
    await checkTracing(pairs, node);
    return { pairs, node };
  } catch (error) {
    await endAll(pairs);
    throw error;
  }
}

/** By doing it: what forbids ptrace(2) in a container has many names. */
async function checkTracing(pairs: readonly OpenedPair[], node: string): Promise<void> {
  const [container] = pairs.flatMap((pair) => pair.containers);
  const fails = (what: string, mend: string) => (error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    throw new CannotRun({ what, why, mend }, { cause: error });
  };
  await container?.shell
    .run(`${node} --version`)
    .catch(
      fails(
        'Node does not run in the image',
        'LAB_BASE=node:26-slim, or another base with glibc, then make image',
      ),
    );
  await container?.shell
    .run('strace -f --seccomp-bpf -e trace=%network -o /dev/null true')
    .catch(
      fails(
        'strace cannot trace a program in a container',
        'an engine whose seccomp profile allows ptrace(2): 19.03 or newer on Linux 4.8 or newer; make doctor',
      ),
    );
}
