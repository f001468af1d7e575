import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createColumns, rowKind, type Columns } from './columns.ts';
import { readLine, type Token } from './line.ts';
import { readPrefix } from './prefix.ts';
import { readReturned } from './returned.ts';
import { parseStrace, toJson, type StraceEvent } from './index.ts';
import { scan } from './scan.ts';

const folder = new URL('fixtures/', import.meta.url);
const logs = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.log'))
  .toSorted();

/** What the columns say of a row, in the words of the slow way. */
function fromColumns(columns: Columns, row: number, text: string): unknown {
  const slice = (from: Uint32Array, to: Uint32Array): string => text.slice(from[row], to[row]);
  const startNs = columns.startNs[row] ?? 0n;
  const durationNs = columns.durationNs[row] ?? 0;
  return {
    kind: columns.kind[row] === rowKind.resumed ? 'resumed' : 'call',
    ending: columns.kind[row] === rowKind.unfinished ? 'unfinished' : 'returned',
    name: columns.names.list[columns.name[row] ?? 0],
    head: slice(columns.argsStart, columns.argsEnd),
    returned: columns.returnedEnd[row] === 0 ? undefined : slice(columns.returnedStart, columns.returnedEnd),
    durationNs: Number.isNaN(durationNs) ? undefined : durationNs,
    pid: columns.pid[row] === 0 ? undefined : columns.pid[row],
    startNs: startNs === 0n ? undefined : startNs,
    value: columns.returned[row],
    errno: columns.errnos.list[columns.errno[row] ?? 0],
  };
}

function fromLine(line: string): { token: Token; said: unknown } {
  const prefix = readPrefix(line);
  const token = readLine(line, prefix.length);
  if (token.kind !== 'call' && token.kind !== 'resumed') return { token, said: undefined };
  const returned = token.returned === undefined ? undefined : readReturned(token.returned);
  const said = {
    kind: token.kind,
    ending: token.ending,
    name: token.name,
    head: token.head,
    returned: token.returned,
    durationNs: token.durationNs,
    pid: prefix.pid,
    startNs:
      prefix.clock === 'epoch' || prefix.clock === 'day'
        ? BigInt(prefix.seconds) * 1_000_000_000n + BigInt(prefix.nanoseconds)
        : undefined,
    value: returned?.value === undefined ? Number.NaN : Number(returned.value),
    errno: returned?.value === -1 ? (returned.errno ?? '') : '',
  };
  return { token, said };
}

describe.each(logs)('%s', (name) => {
  const bytes = new Uint8Array(readFileSync(new URL(name, folder)));
  const text = Buffer.from(bytes).toString('latin1');

  test.each([3, 4096])('the fast way says what the slow way says (%d rows at a time)', (capacity) => {
    const columns = createColumns(capacity);
    for (let at = 0; at < bytes.length;) {
      at = scan(bytes, at, columns);
      for (let row = 0; row < columns.length; row++) {
        const line = text.slice(columns.lineStart[row], columns.lineEnd[row]);
        if (columns.kind[row] === rowKind.other) continue;
        expect(fromColumns(columns, row, text)).toEqual(fromLine(line).said);
      }
    }
  });
});

/** Colour codes send every line the slow way, and are taken off there. */
function slowly(text: string): StraceEvent[] {
  return parseStrace(text.replaceAll(/^(?=[^])/gm, '\x1b[0m'));
}

const said = (events: readonly StraceEvent[]): unknown[] =>
  events.map((event) => ({ ...toJson(event), start: 0, end: 0 }));

test.each(logs)('%s gives the same events when each line goes the slow way', (name) => {
  const text = readFileSync(new URL(name, folder), 'latin1');
  expect(said(parseStrace(text))).toEqual(said(slowly(text)));
});

const epoch = readFileSync(new URL('6.1/f-ttt-T-yy.log', folder), 'latin1');

test('midnight is passed on both ways, also where threads are out of order around it', () => {
  let lines = 0;
  const night = epoch.replaceAll(/ \d{10}\./g, () =>
    lines++ < 100 || lines % 7 === 0 ? ' 23:59:59.' : ' 00:00:00.',
  );
  const days = parseStrace(night).flatMap((event) =>
    event.startNs === undefined ? [] : [event.startNs / 86_400_000_000_000n],
  );
  expect(new Set(days)).toEqual(new Set([0n, 1n]));
  expect(said(parseStrace(night))).toEqual(said(slowly(night)));
});

test.each([
  '4711 10:20:30 getpid() = 1',
  '4711 10:20:30.123 getpid() = 1',
  '10:20:30.123456 getpid() = 1 <0.000010>',
  '4711  10:20:30.123456789 <... read resumed>"x", 1) = 1',
  '10:20:30.1234 getpid() = 1',
  '23:59:60.000001 getpid() = 1',
  '24:00:00.000001 getpid() = 1',
  '00:00:00.000000 getpid() = 1',
  '00:00:00.000001 getpid() = 1',
  '1:20:30 getpid() = 1',
  '4711 10:20:3x getpid() = 1',
  '4711 0000000012.123456 getpid() = 1',
])('%s is the same on both ways', (line) => {
  const text = `${`${line}\n`.repeat(4)}${'#'.repeat(80)}\n`;
  expect(said(parseStrace(text))).toEqual(said(slowly(text)));
});

test.each([
  ['-ttt', epoch],
  ['-tt', epoch.replaceAll(/ \d{10}\./g, ' 10:20:30.')],
  ['-t', epoch.replaceAll(/ \d{10}\.\d{6}/g, ' 10:20:30')],
])('nearly every line with -f and %s goes the fast way', (_, text) => {
  const bytes = new Uint8Array(Buffer.from(text, 'latin1'));
  const columns = createColumns();
  scan(bytes, 0, columns);
  const slow = columns.kind.subarray(0, columns.length).filter((kind) => kind === rowKind.other).length;
  expect(slow / columns.length).toBeLessThan(0.1);
});
