/**
 * The image of the hosts and recorders, made by docker/Dockerfile on a base:
 *
 *   LAB_BASE            where it is set
 *   node:26-slim        from a registry, where one answers
 *   echolab-base        from this machine's own tools (docker/base.sh), where none does: two seconds, 28 MB
 *
 * The image's tag is made of what it is built from, so an old image is never used for a new Dockerfile.
 */
import { execa, ExecaError } from 'execa';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { docker, lastLine } from './engine.ts';
import { CannotRun } from './host.ts';

const folder = fileURLToPath(new URL('../../docker/', import.meta.url));
const registryBase = 'node:26-slim';
const localBase = 'echolab-base:machine';

/** A registry that has not begun to answer by then does not answer: a class must not wait for a firewall. */
const registryLimitMs = 10_000;

/** Where the progress goes: image building is the only slow thing here. */
export type Say = (text: string) => void;

/** The image that is there, if one is. */
export async function imageThere(): Promise<{ name: string; arch: string } | undefined> {
  const wanted = process.env['LAB_BASE'];
  const names = await Promise.all((wanted === undefined ? [registryBase, localBase] : [wanted]).map(nameOf));
  // It fails where one is missing, and prints the others all the same.
  const format = '{{index .RepoTags 0}} {{.Architecture}}';
  const { stdout } = await docker(['image', 'inspect', '--format', format, ...names]);
  const [name, arch = ''] = stdout.split('\n')[0]?.split(' ') ?? [];
  return name ? { name, arch } : undefined;
}

/** The name of the image, which is built where it is not there yet. @throws CannotRun */
export async function findImage(engineArch: string, say: Say): Promise<string> {
  const there = await imageThere();
  if (there === undefined) return buildImage(engineArch, say);
  refuseEmulation(there.name, there.arch, engineArch);
  return there.name;
}

/** Builds it anew (`make image`); gives its name. @throws CannotRun */
export async function buildImage(engineArch: string, say: Say): Promise<string> {
  const wanted = process.env['LAB_BASE'];
  if (wanted !== undefined) return build(wanted, engineArch, say);
  const refusal = await pull(registryBase, say);
  if (refusal === undefined) return build(registryBase, engineArch, say);
  say(`${registryBase} cannot be pulled (${refusal}); making a base from this machine's own tools`);
  await makeLocalBase();
  return build(localBase, engineArch, say);
}

/**
 * The image with our Node on top, for engines that cannot mount it; only the first time takes seconds. Undefined
 * where it has not been built and `build` is false.
 */
export async function findImageWithNode(
  image: string,
  node: string,
  build: boolean,
): Promise<string | undefined> {
  const name = `${image}-node${process.versions.node}`;
  const there = await docker(['image', 'inspect', '--format', '{{.Id}}', name]);
  if (!there.failed) return name;
  if (!build) return undefined;
  const context = ['-c', '-h', '-C', folder, 'Dockerfile.node', '-C', dirname(node), basename(node)];
  const tar = execa('tar', context, { stdin: 'ignore', buffer: { stdout: false } });
  await tar.pipe('docker', [
    'build',
    '--tag',
    name,
    '--build-arg',
    `BASE=${image}`,
    '--file',
    'Dockerfile.node',
    '-',
  ]);
  return name;
}

async function nameOf(base: string): Promise<string> {
  const hash = createHash('sha256').update(base);
  for (const file of base === localBase ? ['Dockerfile', 'base.sh'] : ['Dockerfile']) {
    hash.update(await readFile(`${folder}${file}`));
  }
  return `echolab:${hash.digest('hex').slice(0, 12)}`;
}

async function build(base: string, engineArch: string, say: Say): Promise<string> {
  const name = await nameOf(base);
  say(`building the image ${name} on ${base}`);
  // By a pipe: no build context, so that nothing of the checkout travels.
  const input = await readFile(`${folder}Dockerfile`, 'utf8');
  const args = ['build', '--tag', name, '--build-arg', `BASE=${base}`, '-'];
  const { failed, all } = await execa('docker', args, { input, all: true, reject: false });
  if (failed) {
    throw new CannotRun({
      what: `the image cannot be built on ${base}`,
      why: lastLine(all),
      mend: `LAB_BASE=NAME names another base, one that is there (docker image ls); or LAB_BACKEND=namespaces`,
    });
  }
  const { stdout } = await docker(['image', 'inspect', '--format', '{{.Architecture}}', name]);
  refuseEmulation(name, stdout.trim(), engineArch);
  return name;
}

/** An image of another architecture runs under an emulator, and an emulator has no ptrace(2). */
function refuseEmulation(name: string, arch: string, engineArch: string): void {
  if (arch === '' || arch === engineArch) return;
  throw new CannotRun({
    what: `the image ${name} is for ${arch}, the engine runs on ${engineArch}`,
    why: 'it would be emulated, and an emulated program cannot be traced: ptrace(2) is not there',
    mend: `unset DOCKER_DEFAULT_PLATFORM, choose a LAB_BASE for ${engineArch}, then make image`,
  });
}

/** Undefined when the base is there, else why it is not. */
async function pull(base: string, say: Say): Promise<string | undefined> {
  const there = await docker(['image', 'inspect', '--format', '{{.Id}}', base]);
  if (!there.failed) return undefined;
  const pulling = execa('docker', ['pull', base], { reject: false, stdin: 'ignore' });
  let begun = false;
  pulling.stdout.once('data', () => {
    begun = true;
    say(`pulling ${base}`);
  });
  // Once it has begun it may take as long as it needs.
  const patience = setTimeout(() => begun || pulling.kill(), registryLimitMs);
  const { failed, stderr } = await pulling;
  clearTimeout(patience);
  if (!failed) return undefined;
  return begun || stderr !== '' ? lastLine(stderr) : `no registry answers within ${registryLimitMs / 1000} s`;
}

/** @throws CannotRun where this machine lacks the tools */
async function makeLocalBase(): Promise<void> {
  const path = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
  const args = ['import', '--change', `ENV ${path}`, '--message', 'tools of this machine', '-', localBase];
  const env = { ECHOLAB_NODE: process.execPath };
  const made = execa('sh', [`${folder}base.sh`], { stdin: 'ignore', buffer: { stdout: false }, env });
  const why = await made.pipe('docker', args).then(
    () => undefined,
    (error: unknown) => (error instanceof ExecaError ? lastLine(String(error.stderr)) : String(error)),
  );
  if (why === undefined) return;
  throw new CannotRun({
    what: 'no base image: no registry answers, and none can be made here',
    why,
    mend: 'apt-get install strace tcpdump iptables iproute2, or LAB_BASE=NAME of an image that is there',
  });
}
