/** The files of a Debian release with the least that the project asks for: npm, its Node, make. Made once, then kept. */
import { execa } from 'execa';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { openTree, runOn } from './fresh-machine.ts';
import { aptMirror, aptProxy, connect } from './fresh-network.ts';
import { CannotRun } from './host.ts';

export const releases = ['bookworm', 'trixie'] as const;
export type Release = (typeof releases)[number];

const limitMs = 30 * 60_000;

/** @param kept the archive where it is kept @param folder an empty folder for making it @param log for what is printed */
export async function makeTree(release: Release, kept: string, folder: string, log: string): Promise<void> {
  await using _ = await openTree(folder);
  const mirror = await aptMirror();
  const variant = ['--variant=minbase', '--include=ca-certificates,make'];
  const made = await execa(
    'debootstrap',
    [...variant, release, folder, ...(mirror === undefined ? [] : [mirror])],
    { env: await aptProxy(), reject: false, timeout: limitMs, stdout: { file: log }, stderr: 'inherit' },
  );
  if (made.failed) throw await failed(`debootstrap cannot make a ${release}`, log);
  await connect(folder);
  // debootstrap itself does not find all that npm depends on.
  const install = 'apt-get install -q -y --no-install-recommends nodejs npm';
  const command = `export DEBIAN_FRONTEND=noninteractive; apt-get update -q && ${install} && apt-get clean && rm -rf /var/lib/apt/lists/*`;
  const { exitCode } = await runOn(folder, { user: 'root', command, log, limitMs });
  if (exitCode !== 0) throw await failed(`apt-get cannot install npm on a ${release}`, log);
  await mkdir(dirname(kept), { recursive: true });
  const part = `${kept}.part-${process.pid}`;
  try {
    await execa('tar', ['--numeric-owner', '-C', folder, '-cf', part, '.']);
    await rename(part, kept);
    await rm(log, { force: true });
  } finally {
    await rm(part, { force: true });
  }
}

async function failed(what: string, log: string): Promise<CannotRun> {
  const lines = (await readFile(log, 'utf8').catch(() => '')).split('\n');
  return new CannotRun({
    what,
    why: `${lines.findLast((line) => /^[EW]: /.test(line)) ?? 'it does not say'}; all it said: ${log}`,
    mend: 'see that a mirror of Debian can be reached; proxies and the mirror are those of this machine’s apt',
  });
}
