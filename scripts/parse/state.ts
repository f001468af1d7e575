/**
 * `client.state` → rows of the host's socket table and the counters that have changed. Its form: record/state.ts;
 * the rows are ss(8)'s, the counters those of /proc/net/snmp and /proc/net/netstat.
 */
import type { CounterEvent, SocketEvent } from '../model/event.ts';
import type { Problem } from '../model/problem.ts';

export function readState(text: string, source: string, host: string, startedNs: bigint) {
  const events: (SocketEvent | CounterEvent)[] = [];
  const problems: Problem[] = [];
  /** What each counter was at the moment `before`. */
  const before = new Map<string, number>();
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
    const [group = '', ...values] = words;
    if (values.some((value) => /[A-Za-z]/.test(value))) {
      names = words;
      continue;
    }
    for (const [n, value] of values.entries()) {
      const name = `${group.replace(':', '')}.${names[n + 1] ?? n}`;
      if (moment === 'before') before.set(name, Number(value));
      const change = Number(value) - (before.get(name) ?? 0);
      if (change !== 0)
        events.push({ kind: 'counter', ...common, id: `${source}:${line}.${name}`, name, change });
    }
  }
  return { events, problems };
}

/** Netid State Recv-Q Send-Q Local Peer, then users and numbers as name:value. */
function readRow(words: readonly string[]) {
  const [protocol, state = '', , , local = '', peer = ''] = words;
  if (protocol !== 'tcp' && protocol !== 'udp') return undefined;
  const inode = words.find((word) => word.startsWith('ino:'))?.slice(4);
  return { protocol, state, local, peer, ...(inode !== undefined && { inode: Number(inode) }) } as const;
}
