/**
 * What `make doctor` says about Docker: each line was tried, not guessed, and what does not work comes with its why
 * and its mend. Nothing is built and nothing stays.
 */
import { z } from 'zod';
import { imageThere } from './docker-image.ts';
import { kernelLog, kernelTracer, nfLogSwitch, rules, tracing, type Finding } from './docker-trials.ts';
import { docker, findEngine, isObstacle, type Engine } from './engine.ts';

const Info = z.object({
  OperatingSystem: z.string().default(''),
  CgroupVersion: z.string().default('1'),
  SecurityOptions: z.array(z.string()).nullish(),
});

/** All findings, in the order in which one would mend them. */
export async function examineDocker(tag: string): Promise<Finding[]> {
  const engine = await findEngine();
  if (isObstacle(engine)) return [{ name: 'engine', found: 'none', obstacle: engine }];
  const image = await imageThere();
  const general = [describeEngine(engine), await kindOfEngine(), await subnets()];
  if (image === undefined)
    return [...general, { name: 'image', found: 'none yet; make image, or the next make lab, makes it' }];
  const findings = await Promise.all([
    tracing(image.name, tag),
    rules(image.name, tag),
    kernelLog(image.name, tag),
    nfLogSwitch(image.name, tag),
    kernelTracer(image.name, tag),
  ]);
  return [...general, describeImage(image, engine), ...findings];
}

const describeEngine = ({ version, arch, kernel }: Engine): Finding => ({
  name: 'engine',
  found: `Docker ${version}, ${arch}, Linux ${kernel}`,
});

/** Rootless, remapped, Desktop: kinds of engine that can do less. */
async function kindOfEngine(): Promise<Finding> {
  const { stdout } = await docker(['info', '--format', '{{json .}}']);
  const info = Info.safeParse(JSON.parse(stdout || '{}')).data;
  const secured = (name: string) =>
    (info?.SecurityOptions ?? []).some((option) => option.split(',')[0] === `name=${name}`);
  const kinds = [
    secured('rootless') && 'rootless',
    secured('userns') && 'userns-remap',
    info?.OperatingSystem.includes('Docker Desktop') && 'Docker Desktop',
  ].filter((kind) => typeof kind === 'string');
  const found = [info?.OperatingSystem, `cgroup v${info?.CgroupVersion}`, ...kinds].join(', ');
  if (!kinds.includes('userns-remap')) return { name: 'system', found };
  return {
    name: 'system',
    found,
    obstacle: {
      what: 'this engine gives each container users of its own',
      why: 'userns-remap is on: a recorder has no right in the network of its host',
      mend: 'an engine without userns-remap, or LAB_BACKEND=namespaces',
    },
  };
}

const Subnets = z.array(
  z.object({
    Name: z.string(),
    IPAM: z.object({ Config: z.array(z.object({ Subnet: z.string() })).nullish() }),
  }),
);

/** The lab needs no subnet; docker/compose.yaml does. */
async function subnets(): Promise<Finding> {
  const { stdout: ids } = await docker(['network', 'ls', '--quiet']);
  const { stdout } = await docker(['network', 'inspect', ...ids.split('\n')]);
  const taken = Subnets.parse(JSON.parse(stdout || '[]'))
    .filter(({ IPAM }) => (IPAM.Config ?? []).some(({ Subnet }) => clashes(Subnet)))
    .map(({ Name }) => Name);
  const found = taken.length === 0 ? '10.0.0.0/24 is free' : `10.0.0.0/24 is taken by ${taken.join(', ')}`;
  return {
    name: 'subnet',
    found: `${found} (only docker compose needs it; the lab's hosts have no Docker network)`,
  };
}

/** Whether an IPv4 subnet and 10.0.0.0/24 have addresses in common. */
export function clashes(subnet: string): boolean {
  const [address = '', length = '32'] = subnet.split('/');
  const bits = address.split('.').map(Number);
  if (bits.length !== 4) return false;
  const number = bits.reduce((sum, byte) => sum * 256 + byte, 0);
  const size = 2 ** (32 - Math.min(24, Number(length)));
  return Math.floor(number / size) === Math.floor((10 * 2 ** 24) / size);
}

function describeImage({ name, arch }: { name: string; arch: string }, engine: Engine): Finding {
  if (arch === engine.arch) return { name: 'image', found: name };
  return {
    name: 'image',
    found: `${name}, for ${arch}`,
    obstacle: {
      what: `the image is for ${arch}, the engine runs on ${engine.arch}`,
      why: 'it would be emulated, and an emulated program cannot be traced',
      mend: `unset DOCKER_DEFAULT_PLATFORM, choose a LAB_BASE for ${engine.arch}, then make image`,
    },
  };
}
