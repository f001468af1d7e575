/** What a program may have put where the lab is told to read. */
import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readPublic } from './public-file.ts';

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'echolab-public-'));
  onTestFinished(() => rm(made, { recursive: true }));
  return made;
}

test('a part of a file, less of it where the file ends', async () => {
  const path = join(await folder(), 'file');
  await writeFile(path, '0123456789');
  await chmod(path, 0o644); // whatever the umask
  expect(String(await readPublic(path, 2, 3))).toBe('234');
  expect(String(await readPublic(path, 8, 2 ** 40))).toBe('89');
  expect(String(await readPublic(path, 20, 1))).toBe('');
});

test('nothing but a file that every user may read, at that very path', async () => {
  const here = await folder();
  await mkdir(join(here, 'private'), { mode: 0o700 });
  await writeFile(join(here, 'private/file'), 'theirs');
  await chmod(join(here, 'private/file'), 0o644);
  await writeFile(join(here, 'own'), 'theirs', { mode: 0o600 });
  await symlink('private/file', join(here, 'link'));
  await symlink('private', join(here, 'folder'));
  execFileSync('mkfifo', ['-m', '644', join(here, 'pipe')]);
  for (const name of ['own', 'link', 'folder/file', 'pipe', 'private'])
    await expect(readPublic(join(here, name), 0, 6), name).rejects.toThrow(
      'is not a file that every user may read',
    );
  await expect(readPublic(join(here, 'gone'), 0, 6)).rejects.toThrow('ENOENT');
});
