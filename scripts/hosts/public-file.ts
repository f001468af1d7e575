/** Reading a file whose path a program has named, with no more rights than the program has. */
import { constants } from 'node:fs';
import { open, readlink } from 'node:fs/promises';

/**
 * A part of a file that every user may read, less of it where the file ends.
 *
 * @throws where it is none: a pipe, which could be waited for without end; a link, even in a folder's place, to what the
 * program cannot reach
 */
export async function readPublic(path: string, from: number, length: number): Promise<Buffer> {
  await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const [{ mode, size }, place] = await Promise.all([file.stat(), readlink(`/proc/self/fd/${file.fd}`)]);
  const isPublic = (mode & constants.S_IFMT) === constants.S_IFREG && (mode & constants.S_IROTH) !== 0;
  if (!isPublic || place !== path) throw new Error(`${path} is not a file that every user may read`);
  const part = Buffer.alloc(Math.max(0, Math.min(length, size - from)));
  const { bytesRead } = await file.read(part, 0, part.length, from);
  return part.subarray(0, bytesRead);
}
