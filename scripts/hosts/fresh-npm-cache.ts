/**
 * npm's cache of this machine, lent to others: what is in it need not be downloaded again, what they add to it is theirs
 * alone and goes with them.
 */
import { execa } from 'execa';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Where npm keeps it; a folder that is not there is an empty cache. */
export async function npmCache(): Promise<string | undefined> {
  const { failed, stdout } = await execa('npm', ['config', 'get', 'cache'], { reject: false });
  return !failed && existsSync(stdout) ? stdout : undefined;
}

/** @param layer a folder in memory, for what they add @param at where they find it @param owner USER:GROUP */
export async function lendCache(
  cache: string | undefined,
  layer: string,
  at: string,
  owner?: string,
): Promise<void> {
  const [empty, upper, work] = ['empty', 'upper', 'work'].map((name) => join(layer, name));
  for (const folder of [empty, upper, work, at]) await mkdir(folder ?? '', { recursive: true });
  const layers = `lowerdir=${cache ?? empty},upperdir=${upper},workdir=${work}`;
  const mount = (options: string) =>
    execa('mount', ['--no-mtab', '-t', 'overlay', '-o', options, 'npm', at], { reject: false });
  // Where the kernel can, a file that only changes its owner is not copied.
  if ((await mount(`${layers},metacopy=on`)).failed && (await mount(layers)).failed) return;
  if (owner !== undefined) await execa('chown', ['-R', owner, at]);
}
