/** `client.state` → rows of the host's socket table. Its form: record/state.ts; the rows are ss(8)'s. */
import type { SocketEvent } from '../model/event.ts';
import type { Problem } from '../model/problem.ts';

export function readState(text: string, source: string, host: string, startedNs: bigint) {
  const events: SocketEvent[] = [];
  const problems: Problem[] = [];
  let part = { moment: '', atNs: 0, command: '' };
  for (const [index, whole] of text.split('\n').entries()) {
    const line = index + 1;
    const head = /^# (\S+) (\d+) (.*)$/.exec(whole);
    if (head !== null) {
      part = {
        moment: head[1] ?? '',
        atNs: Number(BigInt(head[2] ?? 0) - startedNs),
        command: head[3] ?? '',
      };
      continue;
    }
    if (whole === '' || !part.command.startsWith('ss ')) continue;
    // Netid State Recv-Q Send-Q Local Peer, then users and numbers as name:value
    const [protocol, state = '', , , local = '', peer = ''] = whole.split(/\s+/);
    if (protocol !== 'tcp' && protocol !== 'udp') {
      problems.push({ source, line, what: `not a row of ss: ${whole.slice(0, 60)}` });
      continue;
    }
    const inode = /\bino:(\d+)/.exec(whole)?.[1];
    const id = `${source}:${line}`;
    const { atNs, moment } = part;
    const row = {
      kind: 'socket',
      id,
      atNs,
      host,
      source,
      line,
      moment,
      protocol,
      state,
      local,
      peer,
    } as const;
    events.push(inode === undefined ? row : { ...row, inode: Number(inode) });
  }
  return { events, problems };
}
