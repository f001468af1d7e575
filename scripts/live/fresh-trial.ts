/**
 * For fresh-machine.live.test.ts: a fresh machine with this machine's programs, which takes no download. Runs a command
 * on it, as root, prints what that printed, and ends as it did. To be started in a mount namespace of its own.
 */
import { execa } from 'execa';
import { lstat, mkdir, readlink, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { openTree, runOn } from '../hosts/fresh-machine.ts';

const [folder = '', command = ''] = process.argv.slice(2);
const tree = join(folder, 'tree');
await using _ = await openTree(tree);
for (const name of ['proc', 'sys', 'dev', 'run', 'tmp', 'root']) await mkdir(join(tree, name));
for (const name of ['etc', 'usr', 'bin', 'sbin', 'lib', 'lib64']) {
  const found = await lstat(`/${name}`).catch(() => undefined);
  if (found?.isSymbolicLink() === true) await symlink(await readlink(`/${name}`), join(tree, name));
  if (found?.isDirectory() !== true) continue;
  await mkdir(join(tree, name));
  await execa('mount', ['--no-mtab', '--bind', `/${name}`, join(tree, name)]);
}
const ended = await runOn(tree, { user: 'root', command, log: join(folder, 'log'), limitMs: 60_000 });
process.stdout.write(ended.output);
process.exitCode = ended.exitCode ?? 70;
