/**
 * The host's own view: socket tables and counters, taken at named moments of a scene (`client.state`).
 * Each part begins with a line `# <moment> <epoch ns> <command>`.
 */
import type { Host } from '../hosts/host.ts';
import { nowNs } from './clock.ts';

/** -O: one line a socket, -e: with inode. */
const sockets = 'ss -tuanOeH';
/** What netstat -s is made from. */
const counters = ['/proc/net/snmp', '/proc/net/netstat'];

/** `ss -e` says so at every call on a machine without cgroup2, in a container also where there is one. */
const noise = /^Failed to find cgroup2 mount.*\n/gm;

/** Only ss is a process of its own: the shell reads the files by itself. */
export async function readState(host: Host, moment: string): Promise<string> {
  const stamp = nowNs();
  const title = (command: string) => `echo '# ${moment} ${stamp} ${command}'`;
  const print = (file: string) =>
    `${title(`cat ${file}`)}; mapfile -t lines <${file}; printf '%s\\n' "\${lines[@]}"`;
  const text = await host.shell([title(sockets), sockets, ...counters.map(print), 'true'].join('\n'));
  return text.replaceAll(noise, '');
}
