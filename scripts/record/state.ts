/**
 * The host's own view: socket tables and counters, taken at named moments of a scene (`client.state`).
 * Each part begins with a line `# <moment> <epoch ns> <command>`.
 */
import type { Host } from '../hosts/host.ts';
import { nowNs } from './clock.ts';

/** -O: one line a socket, -e: with inode; the rest is what netstat -s is made from. */
const commands = ['ss -tuanOeH', 'cat /proc/net/snmp', 'cat /proc/net/netstat'];

/** `ss -e` says so at every call on a machine without cgroup2, in a container also where there is one. */
const noise = '^Failed to find cgroup2 mount';

export async function readState(host: Host, moment: string): Promise<string> {
  const stamp = nowNs();
  const print = (command: string) =>
    `echo '# ${moment} ${stamp} ${command}'; ${command} 2>&1 | grep -v '${noise}'`;
  return host.shell(`${commands.map(print).join('\n')}; true`);
}
