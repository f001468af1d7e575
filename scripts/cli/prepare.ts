/** What the machine must have, found out by trying; what is missing is installed or told. */
import { execa } from 'execa';
import { CannotRun, type Obstacle } from '../hosts/host.ts';
import { enter } from '../hosts/namespaces.ts';
import type { Run } from '../model/run.ts';
import { checkKernelLog } from '../record/kernel-log.ts';
import { checkNfLog } from '../record/nf-log.ts';
import { checkStrace } from '../record/strace.ts';
import { packages, tools, whichMissing } from '../record/tool.ts';

/** @throws CannotRun */
export async function prepare(): Promise<void> {
  if (process.platform !== 'linux') {
    throw new CannotRun({
      what: `echolab records on Linux only, this is ${process.platform}`,
      why: 'namespaces, strace and netfilter are parts of Linux',
      mend: 'use a Linux machine or virtual machine; echolab report reads recorded runs anywhere',
    });
  }
  await install(tools, packages);
  const obstacles = await Promise.all([checkStrace(), checkNamespaces()]);
  for (const obstacle of obstacles) if (obstacle !== undefined) throw new CannotRun(obstacle);
}

/** Installs what is missing of the tools, if it may. @throws CannotRun */
export async function install(wanted: readonly string[], packages: readonly string[]): Promise<void> {
  const missing = await whichMissing(wanted);
  if (missing.length === 0) return;
  const command = `apt-get install -y --no-install-recommends ${packages.join(' ')}`;
  const debian = await execa('apt-get', ['--version'], { reject: false });
  const forbidden = process.env['LAB_INSTALL'] === '0';
  const obstacle = (why: string): Obstacle => ({
    what: `missing: ${missing.join(', ')}`,
    why,
    mend: command,
  });
  if (debian.failed)
    throw new CannotRun(obstacle('not in PATH, and this is no Debian-like system to install them on'));
  if (forbidden) throw new CannotRun(obstacle('not in PATH, and LAB_INSTALL=0 forbids to install them'));
  if (process.getuid?.() !== 0) throw new CannotRun(obstacle('not in PATH, and only root can install them'));
  process.stderr.write(
    `missing: ${missing.join(', ')}; installing with apt-get (LAB_INSTALL=0 forbids this)\n`,
  );
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const run = (line: string) => execa('sh', ['-c', line], { env, all: true, reject: false });
  // On a fresh machine the lists of packages may be missing or old.
  let result = await run(command);
  if (result.failed) result = await run(`apt-get update -q && ${command}`);
  if (result.failed) throw new CannotRun(obstacle(result.all.trim().split('\n').slice(-3).join(' ')));
}

/** Tries the namespaces themselves: what forbids them has many names. */
export async function checkNamespaces(): Promise<Obstacle | undefined> {
  const [file = '', ...args] = enter(['ip', 'link', 'set', 'lo', 'up']);
  const { failed, stderr, code } = await execa(file, args, { reject: false });
  if (!failed) return undefined;
  return {
    what: 'namespaces cannot be made here',
    why: stderr.trim().split('\n')[0] ?? code ?? 'unshare said nothing',
    mend: 'run as root; or allow user namespaces (sysctl user.max_user_namespaces, kernel.unprivileged_userns_clone, AppArmor)',
  };
}

/** LOG where the kernel's log can be read and switched on, NFLOG elsewhere. */
export async function chooseNetfilter(): Promise<Run['netfilter']> {
  const obstacle = (await checkNfLog()) ?? (await checkKernelLog());
  return obstacle === undefined
    ? { recorder: 'LOG' }
    : { recorder: 'NFLOG', why: `${obstacle.what}: ${obstacle.why}` };
}
