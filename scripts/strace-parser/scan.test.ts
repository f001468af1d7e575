import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createColumns, rowKind, type Columns } from './columns.ts';
import { readLine, type Token } from './line.ts';
import { readPrefix } from './prefix.ts';
import { readReturned } from './returned.ts';
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
      prefix.clock === 'epoch'
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

test('nearly every line of the usual options goes the fast way', () => {
  const bytes = new Uint8Array(readFileSync(new URL('6.1/f-ttt-T-yy.log', folder)));
  const columns = createColumns();
  scan(bytes, 0, columns);
  const slow = columns.kind.subarray(0, columns.length).filter((kind) => kind === rowKind.other).length;
  expect(slow / columns.length).toBeLessThan(0.1);
});
