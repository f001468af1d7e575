/** Is a tool there, and which version? */
import { execa } from 'execa';

/** Debian's names of what the recorders and hosts need, and the commands in them. */
const needed = {
  strace: ['strace'],
  tcpdump: ['tcpdump'],
  iptables: ['iptables', 'iptables-restore'],
  iproute2: ['ip', 'ss'],
};

export const packages: readonly string[] = Object.keys(needed);

export const tools: readonly string[] = Object.values(needed).flat();

export async function whichMissing(wanted: readonly string[]): Promise<string[]> {
  const { stdout } = await execa('sh', [
    '-c',
    `for t in ${wanted.join(' ')}; do command -v $t >/dev/null || echo $t; done`,
  ]);
  return stdout.split('\n').filter((tool) => tool !== '');
}

/** The first version number a tool prints of itself: `6.1`. */
export async function versionOf(tool: string, args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await execa(tool, args, { reject: false });
  return /\d+(\.\d+)+/.exec(`${stdout}\n${stderr}`)?.[0] ?? 'unknown';
}
