/**
 * tracefs, the kernel's tracer as files. Most machines mount it at /sys/kernel/tracing, and let only root in. Where it is
 * not mounted, it is mounted in the lab's own mount namespace, where nobody else sees it.
 */
import { execa } from 'execa';
import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import type { Obstacle } from './host.ts';

const usual = '/sys/kernel/tracing';

/** Gives the folder. To be called in a mount namespace of one's own. @param own where to mount it if need be */
export async function openTracefs(own: string): Promise<string | Obstacle> {
  const refused = await reach(usual);
  if (refused === undefined) return usual;
  if (process.getuid?.() !== 0) return obstacle(refused);
  await mkdir(own, { recursive: true });
  const { failed, stderr } = await execa('mount', ['-t', 'tracefs', 'echolab', own], { reject: false });
  if (failed) return obstacle(stderr.trim().split('\n')[0] ?? 'mount said nothing');
  const hidden = await reach(own);
  return hidden === undefined ? own : obstacle(hidden);
}

/**
 * The folder, tried without changing anything for anybody; '' where it is not mounted, and a lab could mount it in its own
 * namespace.
 */
export async function checkTracefs(): Promise<string | Obstacle> {
  const refused = await reach(usual);
  if (refused === undefined) return usual;
  if (process.getuid?.() !== 0) return obstacle(refused);
  const script = 'mount -t tracefs echolab /mnt && [ -w /mnt/instances ]';
  const { failed, stderr } = await execa('unshare', ['--mount', 'sh', '-c', script], { reject: false });
  return failed ? obstacle(stderr.trim().split('\n')[0] ?? refused) : '';
}

/** What keeps one from making instances there; a kernel that is locked down shows an empty folder. */
const reach = (folder: string): Promise<string | undefined> =>
  access(`${folder}/instances`, constants.W_OK).then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );

const obstacle = (why: string): Obstacle => ({
  what: 'the kernel’s tracer cannot be used',
  why,
  mend: 'run as root on a kernel with tracefs (CONFIG_TRACING) that is not locked down (see lockdown=)',
});
