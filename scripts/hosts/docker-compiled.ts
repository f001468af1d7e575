/**
 * The compiled form of the programs, as Node keeps it: a program that has run before starts in half the time.
 *
 * It lies in the checkout from run to run, where the namespaces backend has it, too. A host sees it read-only, and its programs write
 * to a copy in memory. What is new in that comes back as text when the lab ends: no program ever writes into the checkout.
 */
import { execa } from 'execa';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Container } from './docker-container.ts';
import { mount, scratch } from './docker-files.ts';

const shown = '/run/echolab/compiled';

/** Where the programs of a host find it (NODE_COMPILE_CACHE). */
export const compiled = `${scratch}/compiled`;

/** The words of `docker run` by which a host sees the folder. None where this user may not make it: all is compiled anew. */
export async function compiledMount(folder: string): Promise<string[]> {
  const there = await mkdir(folder, { recursive: true }).then(
    () => true,
    () => false,
  );
  // Node writes files that are their writer's alone. Another user's, who has run the lab here before, stay so.
  await execa('chmod', ['-R', 'a+rX', folder], { reject: false });
  return there ? mount(folder, shown) : [];
}

export async function fetchCompiled({ shell }: Container): Promise<void> {
  await shell.run(
    `mkdir -p ${compiled}; cp -r --preserve=timestamps ${shown}/. ${compiled} 2>/dev/null || true`,
  );
}

/** Each file that is new, or of a program that was changed, as a line: its path, and its bytes in base64. */
const tellNew = `
(cd ${compiled} 2>/dev/null && for file in */*; do
  [ ! $file -nt ${shown}/$file ] || echo "$file $(base64 -w 0 <$file)"
done; true)`;

/** A folder that Node names by its version, and in it a file that it names by a number. */
const line = /^(v[\w.-]+\/[0-9a-f]+) (\S+)$/gm;

/** @throws where this user may not write the folder */
export async function keepCompiled(hosts: readonly Container[], folder: string): Promise<void> {
  const told = await Promise.all(hosts.map(({ shell }) => shell.run(tellNew).catch(() => '')));
  const files = new Map(
    told.flatMap((text) => [...text.matchAll(line)].map(([, path, bytes]) => [path, bytes])),
  );
  for (const [path = '', bytes = ''] of files) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, Buffer.from(bytes, 'base64'));
  }
}
