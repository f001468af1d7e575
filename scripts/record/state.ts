/**
 * The host's own view: socket tables and counters, taken at named moments of a scene (`client.state`).
 * Each part begins with a line `# <moment> <epoch ns> <command>`.
 */
import type { Host } from '../hosts/host.ts';
import { nowNs } from './clock.ts';

/** -O: one line a socket, -e: with inode; the rest is what netstat -s is made from. */
const commands = ['ss -tuanOeH', 'cat /proc/net/snmp', 'cat /proc/net/netstat'];

export async function readState(host: Host, moment: string): Promise<string> {
  const stamp = nowNs();
  return host.shell(
    commands.map((command) => `echo '# ${moment} ${stamp} ${command}'; ${command}`).join('\n'),
  );
}
