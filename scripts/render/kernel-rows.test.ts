/** The rows of the step table that the kernel's events fill, of a recorded run (Linux 6.18). */
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { timelineOf } from '../correlate/timeline.ts';
import { readWhole } from '../live/reference.ts';
import { plain } from './paint.ts';
import { renderSteps } from './step-table.ts';

const folder = fileURLToPath(new URL('../correlate/fixtures/linux-6.18', import.meta.url));
const { run, files } = await readWhole(folder);

/** Row by row: host, step, what the row says. */
function rows(scene: string): string[] {
  const recorded = run.scenes.find((one) => one.folder === scene);
  if (recorded === undefined) throw new Error(`no scene ${scene}`);
  const timeline = timelineOf(run, recorded, files.get(recorded) ?? new Map());
  return renderSteps([{ title: 'column', timeline }], plain);
}
/** The row of that title below the step of the host, its lines joined. */
function row(scene: string, host: string, step: string, title: string): string {
  const all = rows(scene);
  const from = all.findIndex((line) => line.startsWith(`${host} `));
  const at = all.findIndex((line, index) => index > from && line.startsWith(step));
  const until = all.findIndex((line, index) => index > at && /^\S/.test(line));
  const own = all.slice(at + 1, until === -1 ? undefined : until);
  const begin = own.findIndex((line) => line.startsWith(`  ${title}`));
  if (begin === -1) return '';
  const more = own.slice(begin + 1).findIndex((line) => /^ {2}\S/.test(line));
  const lines = own.slice(begin, more === -1 ? undefined : begin + 1 + more);
  return lines.map((line) => line.slice(13).trim()).join(' ');
}

test.each([
  ['lost/libc-udp', 'server', '(kernel)', '7 bytes dropped: NETFILTER_DROP'],
  // It is no part of accept(2), which hands out the connection that the next SYN asked for.
  ['lost/libc-tcp/syn-lost', 'server', '(kernel)', 'SYN dropped: NETFILTER_DROP'],
  ['lost/libc-tcp/syn-lost', 'client', 'connect', 'SYN retransmitted'],
  ['refused/libc-tcp', 'client', 'connect', 'reset by the peer; error for the socket: ECONNREFUSED'],
  ['refused/libc-tcp', 'server', '(kernel)', 'SYN answered: RST (NO_SOCKET); SYN dropped: NO_SOCKET'],
  ['refused/libc-udp', 'client', 'send', 'error for the socket: ECONNREFUSED'],
  [
    'refused/libc-udp',
    'server',
    '(kernel)',
    '7 bytes answered: ICMP port unreachable; 7 bytes dropped: NO_SOCKET',
  ],
])('%s, %s %s: %s', (scene, host, step, expected) => {
  expect(row(scene, host, step, 'events')).toBe(expected);
});

test.each([
  ['client', 'connect', 'SYN-SENT, ESTABLISHED'],
  ['client', 'close', 'FIN-WAIT-1, FIN-WAIT-2, TIME-WAIT'],
  ['server', 'listen', 'LISTEN'],
  ['server', 'accept', 'SYN-RECV, ESTABLISHED'],
  ['server', 'receive', 'CLOSE-WAIT'],
])('the states of a TCP connection: %s %s %s', (host, step, states) => {
  expect(row('dial/libc-tcp/nonblocking', host, step, 'state')).toBe(states);
});

test('the path of a call, in the article’s names', () => {
  expect(row('dial/libc-tcp/nonblocking', 'client', 'connect', 'kernel')).toBe(
    'inet_stream_connect → tcp_v4_connect → tcp_connect → tcp_transmit_skb → ip_queue_xmit → … → dev_queue_xmit',
  );
  expect(row('refused/libc-udp', 'client', 'connect', 'kernel')).toMatch(
    /^udp_connect → ip4_datagram_connect → /,
  );
});
