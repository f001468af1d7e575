/** Is a tool there, and which version? */
import { execa } from 'execa';
import type { Obstacle } from '../hosts/host.ts';

/** Runs a tool once, only to learn whether it is there. */
export async function checkTool(tool: string, args: readonly string[]): Promise<Obstacle | undefined> {
  const { failed } = await execa(tool, args, { reject: false });
  if (!failed) return undefined;
  return {
    what: `${tool} is not installed`,
    why: `\`${tool} ${args.join(' ')}\` did not run`,
    mend: `apt-get install -y --no-install-recommends ${packages.join(' ')}`,
  };
}

/** Debian's names of what the recorders need. */
export const packages = ['strace', 'tcpdump', 'iptables', 'iproute2'] as const;

/** The first version number a tool prints of itself: `6.1`. */
export async function versionOf(tool: string, args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await execa(tool, args, { reject: false });
  return /\d+(\.\d+)+/.exec(`${stdout}\n${stderr}`)?.[0] ?? 'unknown';
}
