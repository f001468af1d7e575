/**
 * A stock kernel of Debian's: its package is downloaded by apt (which checks its signature) and unpacked, never installed.
 * With it comes a static busybox, the one program of the first file system.
 */
import { execa } from 'execa';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CannotRun } from './host.ts';

export interface StockKernel {
  /** `6.1.0-50-amd64` */
  readonly release: string;
  /** The folder with `boot/`, `lib/modules/` and `bin/busybox`. */
  readonly root: string;
}

/** What depends on whichever kernel is the newest of this Debian. */
const newest = 'linux-image-amd64';

/** @param cache a folder where it is kept: 70 MB are downloaded, 400 MB unpacked */
export async function fetchStockKernel(cache: string, say: (text: string) => void): Promise<StockKernel> {
  const image = await nameOfImage();
  const root = join(cache, image);
  if (!existsSync(root)) {
    say(`downloading ${image} (70 MB) and busybox-static with apt-get, unpacking them (400 MB)`);
    await unpack(image, root, cache);
  }
  const [release = ''] = await readdir(join(root, 'lib/modules'));
  return { release, root };
}

async function nameOfImage(): Promise<string> {
  const ask = () => execa('apt-cache', ['depends', '--important', newest], { reject: false });
  const nameIn = (text: string) => /Depends: (linux-image-\d\S+)/.exec(text)?.[1];
  let { stdout } = await ask();
  if (nameIn(stdout) === undefined && process.getuid?.() === 0) {
    await execa('apt-get', ['update', '-q'], { reject: false });
    ({ stdout } = await ask());
  }
  const name = nameIn(stdout);
  if (name !== undefined) return name;
  throw new CannotRun({
    what: `apt knows no ${newest}`,
    why: 'this takes a Debian for x86-64, and its lists of packages',
    mend: 'as root: apt-get update',
  });
}

/** Beside its place, and then moved there: what lies there is whole. */
async function unpack(image: string, root: string, cache: string): Promise<void> {
  const part = `${root}.part-${process.pid}`;
  await mkdir(join(part, 'debs'), { recursive: true });
  const run = async (file: string, args: string[], cwd = part) => {
    const { failed, stderr } = await execa(file, args, { cwd, reject: false });
    if (!failed) return;
    await rm(part, { recursive: true, force: true });
    throw new CannotRun({
      what: `${[file, ...args].join(' ')} failed`,
      why: stderr.trim().split('\n').at(-1) ?? 'it said nothing',
      mend: `see that Debian’s mirror can be reached, and that ${cache} has 500 MB free`,
    });
  };
  await run('apt-get', ['download', '-q', image, 'busybox-static'], join(part, 'debs'));
  for (const name of await readdir(join(part, 'debs')))
    await run('dpkg-deb', ['-x', join('debs', name), '.']);
  await rm(join(part, 'debs'), { recursive: true });
  // The guest looks modules up from inside of this folder, see guest.ts.
  await mkdir(join(part, 'proc'), { recursive: true });
  const [release = ''] = await readdir(join(part, 'lib/modules'));
  await run(join(part, 'bin/busybox'), ['depmod', '-b', part, release]);
  await rename(part, root);
}
