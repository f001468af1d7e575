/**
 * `client.state` → rows of the host's socket table and the counters that have changed. Its form: record/state.ts;
 * the rows are ss(8)'s, the counters those of /proc/net/snmp and /proc/net/netstat.
 */
import type { CounterEvent, SocketEvent } from '../model/event.ts';
import type { Problem } from '../model/problem.ts';

export function readState(text: string, source: string, host: string, startedNs: bigint) {
  const events: (SocketEvent | CounterEvent)[] = [];
  const problems: Problem[] = [];
  /** The counters of each group at the moment `before`: the words of its two lines. */
  const before = new Map<string, Group>();
  let part = { moment: '', atNs: 0, command: '' };
  let names: string[] = [];
  for (const [index, whole] of text.split('\n').entries()) {
    const line = index + 1;
    const head = /^# (\S+) (\d+) (.*)$/.exec(whole);
    if (head !== null) {
      const [, moment = '', stamp = '0', command = ''] = head;
      part = { moment, atNs: Number(BigInt(stamp) - startedNs), command };
      continue;
    }
    if (whole === '') continue;
    const { atNs, moment } = part;
    const common = { id: `${source}:${line}`, atNs, host, source, line, moment };
    const words = whole.split(/\s+/);
    if (part.command.startsWith('ss ')) {
      const row = readRow(words);
      if (row === undefined) problems.push({ source, line, what: `not a row of ss: ${whole.slice(0, 60)}` });
      else events.push({ kind: 'socket', ...common, ...row });
      continue;
    }
    // Two lines each: `Udp: InDatagrams NoPorts …`, `Udp: 4 0 …`
    const [group = ''] = words;
    if (/ .*[A-Za-z]/.test(whole)) {
      names = words;
      continue;
    }
    if (moment === 'before') before.set(group, { names, values: words });
    const earlier = before.get(group);
    for (let n = 1; n < words.length; n += 1) {
      const change = Number(words[n]) - valueOf(earlier, names[n], n);
      if (change === 0) continue;
      const name = `${group.replace(':', '')}.${names[n] ?? n - 1}`;
      events.push({ kind: 'counter', ...common, id: `${source}:${line}.${name}`, name, change });
    }
  }
  return { events, problems };
}

interface Group {
  readonly names: readonly string[];
  readonly values: readonly string[];
}

/** Nearly always it stands where it stood; the kernel names types of ICMP messages only once there were any. */
function valueOf(group: Group | undefined, name: string | undefined, at: number): number {
  if (group === undefined) return 0;
  const found = name === undefined || group.names[at] === name ? at : group.names.indexOf(name);
  return Number(group.values[found] ?? 0);
}

/** Netid State Recv-Q Send-Q Local Peer, then users and numbers as name:value. */
function readRow(words: readonly string[]) {
  const [protocol, state = '', , , local = '', peer = ''] = words;
  if (protocol !== 'tcp' && protocol !== 'udp') return undefined;
  const inode = words.find((word) => word.startsWith('ino:'))?.slice(4);
  return { protocol, state, local, peer, ...(inode !== undefined && { inode: Number(inode) }) } as const;
}
