/**
 * From chunks of bytes to events: cuts lines, reads each, repairs those that something else printed into, and joins
 * halves. Any chunking gives the same events; nothing it is given makes it throw.
 */
import { LoggedCall } from './call.ts';
import { createClock } from './clock.ts';
import { createColumns, rowKind } from './columns.ts';
import type { StraceEvent } from './event.ts';
import { createWanted, type Filter } from './filter.ts';
import { createJoiner } from './join.ts';
import { fromLatin1 } from './latin1.ts';
import { textOf, type Piece } from './piece.ts';
import { placeOf } from './place.ts';
import { createQueue } from './queue.ts';
import { scan } from './scan.ts';
import { createSlowLines } from './slow-lines.ts';
import { createWholeLines } from './whole-lines.ts';

export interface ReadOptions {
  /** The pid of lines that carry none: of a file of `-ff`, whose name ends in it. */
  readonly pid?: number;
  /** Join a line with what follows where strace's messages or the program's output cut it in two. Default true. */
  readonly repair?: boolean;
  readonly filter?: Filter;
}

export interface Reader {
  /**
   * The events that this chunk completes, in the order in which the log completes them. Each is made when it is asked
   * for, so that those that nobody keeps die at once; all must be taken, or be done without, before the chunk's bytes
   * change. What was not taken is passed over when the next chunk comes.
   */
  read(chunk: Uint8Array): Iterable<StraceEvent>;
  end(): StraceEvent[];
  /** How many lines were read so far. */
  lineCount(): number;
}

/** So many lines are scanned at once; more of them would not fit the processor's cache. */
const rows = 512;
/** Bytes of text that are decoded at once. It is alive while its lines are read: V8 copies it again and again. */
const pieceSize = 2048;

export function createReader({ pid, repair = true, filter }: ReadOptions = {}): Reader {
  const clock = createClock();
  const joiner = createJoiner(filter);
  const wanted = createWanted(filter);
  const slowLines = createSlowLines(joiner, clock, pid, repair);
  const wholeLines = createWholeLines();
  const columns = createColumns(rows);
  const queue = createQueue();
  let reading: Generator<StraceEvent> | undefined;
  /** Lines and bytes before those that are being read. */
  let lines = 0;
  let offset = 0;
  /** What is being scanned, and a copy of it for the calls; if nothing of it is wanted there is none. */
  let scanned: Uint8Array = new Uint8Array(0);
  let copy: Uint8Array | undefined;
  let piece: Piece | undefined;

  function* eventsOf(chunk: Uint8Array): Generator<StraceEvent> {
    for (const bytes of wholeLines.add(chunk)) {
      scanned = bytes;
      copy = undefined;
      for (let at = 0; at < bytes.length;) {
        at = scan(bytes, at, columns);
        piece = undefined;
        for (let row = 0; row < columns.length; row++) {
          takeRow(row);
          for (let event = queue.take(); event !== undefined; event = queue.take()) yield event;
        }
        lines += columns.length;
      }
      offset += bytes.length;
    }
  }

  /** The piece that a row is in; rows come in their order. */
  function pieceAt(row: number): Piece {
    if (piece !== undefined && (columns.lineEnd[row] ?? 0) <= piece.to) return piece;
    copy ??= scanned.slice();
    const from = columns.lineStart[row] ?? 0;
    let last = row;
    while (last + 1 < columns.length && (columns.lineEnd[last + 1] ?? 0) <= from + pieceSize) last++;
    return (piece = { bytes: copy, from, to: columns.lineEnd[last] ?? 0, text: undefined });
  }

  /** A row that the scanner knows becomes an event at once, the others go the slow way. */
  function takeRow(row: number): void {
    if (columns.kind[row] !== rowKind.call || slowLines.isCollecting) return takeOther(row);
    const startNs = clock.readRow(columns.startNs[row] ?? 0n);
    if (filter !== undefined && !isWanted(row)) return joiner.takeCall(undefined, queue);
    const within = pieceAt(row);
    const call = new LoggedCall(
      lines + row + 1,
      offset + (columns.lineStart[row] ?? 0),
      offset + (columns.lineEnd[row] ?? 0),
      (columns.pid[row] ?? 0) || pid,
      startNs,
      columns.names.list[columns.name[row] ?? 0] ?? '',
      'complete',
      columns.durationNs[row] ?? 0,
      within,
      (columns.argsStart[row] ?? 0) - within.from,
      (columns.argsEnd[row] ?? 0) - within.from,
      (columns.returnedStart[row] ?? 0) - within.from,
      (columns.returnedEnd[row] ?? 0) - within.from,
    );
    joiner.takeCall(call, queue);
  }

  function isWanted(row: number): boolean {
    return (
      wanted.name(columns.names.list[columns.name[row] ?? 0] ?? '') &&
      wanted.pid((columns.pid[row] ?? 0) || pid) &&
      wanted.errno(fromLatin1(scanned.subarray(columns.returnedStart[row], columns.returnedEnd[row])))
    );
  }

  /** Halves of calls, and lines that the scanner does not know. */
  function takeOther(row: number): void {
    const within = pieceAt(row);
    const part = (start = 0, end = 0): string => textOf(within).slice(start - within.from, end - within.from);
    const line = lines + row + 1;
    const from = columns.lineStart[row] ?? 0;
    const to = columns.lineEnd[row] ?? 0;
    const kind = columns.kind[row];
    if (kind === rowKind.other || slowLines.isCollecting) {
      slowLines.take(part(from, to), { line, start: offset + from, end: offset + to }, queue);
      return;
    }
    const thread = (columns.pid[row] ?? 0) || pid;
    const startNs = clock.readRow(columns.startNs[row] ?? 0n);
    const place = placeOf(line, offset + from, offset + to, thread, startNs);
    const name = columns.names.list[columns.name[row] ?? 0] ?? '';
    const head = part(columns.argsStart[row], columns.argsEnd[row]);
    if (kind === rowKind.unfinished) {
      joiner.take({ kind: 'call', name, head, ending: 'unfinished' }, place, queue);
      return;
    }
    const returned = part(columns.returnedStart[row], columns.returnedEnd[row]);
    const durationNs = columns.durationNs[row];
    joiner.take({ kind: 'resumed', name, head, returned, durationNs, ending: 'returned' }, place, queue);
  }

  function passOver(): void {
    while (reading?.next().done === false);
    reading = undefined;
  }

  return {
    read(chunk) {
      passOver();
      const events = (reading = eventsOf(chunk));
      // Without return(): who leaves a loop early may come back for the rest.
      return { [Symbol.iterator]: () => ({ next: () => events.next() }) };
    },
    end() {
      passOver();
      const out: StraceEvent[] = [];
      const last = wholeLines.rest();
      if (last.length > 0) {
        const end = offset + last.length;
        slowLines.take(fromLatin1(last), { line: ++lines, start: offset, end }, out);
      }
      slowLines.end(out);
      joiner.end(out);
      return out;
    },
    lineCount: () => lines,
  };
}
