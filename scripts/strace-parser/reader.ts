/**
 * From chunks of bytes to events: cuts lines, reads each, repairs those that something else printed into, and joins
 * halves. Any chunking gives the same events; nothing it is given makes it throw.
 */
import { LoggedCall } from './call.ts';
import { createColumns, rowKind } from './columns.ts';
import type { StraceEvent } from './event.ts';
import { createWanted, type Filter } from './filter.ts';
import { createJoiner } from './join.ts';
import { fromLatin1 } from './latin1.ts';
import { pieceOf, textOf, type Piece } from './piece.ts';
import { placeOf } from './place.ts';
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
  /** The events that this chunk completes, in the order in which the log completes them. */
  read(chunk: Uint8Array): StraceEvent[];
  end(): StraceEvent[];
  /** How many lines were read so far. */
  lineCount(): number;
}

/** So many lines are scanned at once; more of them would not fit the processor's cache. */
const rows = 512;

export function createReader({ pid, repair = true, filter }: ReadOptions = {}): Reader {
  const joiner = createJoiner(filter);
  const wanted = createWanted(filter);
  const slowLines = createSlowLines(joiner, pid, repair);
  const wholeLines = createWholeLines();
  const columns = createColumns(rows);
  /** Lines and bytes before those that are being read. */
  let lines = 0;
  let offset = 0;

  function readPiece(bytes: Uint8Array, out: StraceEvent[]): void {
    // A piece of which nothing is wanted is neither copied nor decoded.
    const kept: { piece: Piece | undefined } = { piece: undefined };
    for (let at = 0; at < bytes.length;) {
      at = scan(bytes, at, columns);
      takeRows(bytes, kept, out);
    }
    offset += bytes.length;
  }

  /** Rows that the scanner knows become events at once, the others go the slow way. */
  function takeRows(bytes: Uint8Array, kept: { piece: Piece | undefined }, out: StraceEvent[]): void {
    const { kind, lineStart, lineEnd, argsStart, argsEnd, returnedStart, returnedEnd, length } = columns;
    const { name, names, pid: thread, startNs, durationNs } = columns;
    for (let row = 0; row < length; row++) {
      const from = lineStart[row] ?? 0;
      const to = lineEnd[row] ?? 0;
      if (kind[row] !== rowKind.call || slowLines.isCollecting) {
        takeOther(row, (kept.piece ??= pieceOf(bytes)), out);
      } else if (filter !== undefined && !isWanted(row, bytes)) {
        joiner.takeCall(undefined, out);
      } else {
        const call = new LoggedCall(
          lines + row + 1,
          offset + from,
          offset + to,
          (thread[row] ?? 0) || pid,
          startNs[row] ?? 0n,
          names.list[name[row] ?? 0] ?? '',
          'complete',
          durationNs[row] ?? 0,
          (kept.piece ??= pieceOf(bytes)),
          argsStart[row] ?? 0,
          argsEnd[row] ?? 0,
          returnedStart[row] ?? 0,
          returnedEnd[row] ?? 0,
        );
        joiner.takeCall(call, out);
      }
    }
    lines += length;
  }

  function isWanted(row: number, bytes: Uint8Array): boolean {
    return (
      wanted.name(columns.names.list[columns.name[row] ?? 0] ?? '') &&
      wanted.pid((columns.pid[row] ?? 0) || pid) &&
      wanted.errno(fromLatin1(bytes.subarray(columns.returnedStart[row], columns.returnedEnd[row])))
    );
  }

  /** Halves of calls, and lines that the scanner does not know. */
  function takeOther(row: number, piece: Piece, out: StraceEvent[]): void {
    const text = textOf(piece);
    const line = lines + row + 1;
    const from = columns.lineStart[row] ?? 0;
    const to = columns.lineEnd[row] ?? 0;
    const kind = columns.kind[row];
    if (kind === rowKind.other || slowLines.isCollecting) {
      slowLines.take(text.slice(from, to), { line, start: offset + from, end: offset + to }, out);
      return;
    }
    const thread = (columns.pid[row] ?? 0) || pid;
    const place = placeOf(line, offset + from, offset + to, thread, columns.startNs[row] ?? 0n);
    const name = columns.names.list[columns.name[row] ?? 0] ?? '';
    const head = text.slice(columns.argsStart[row], columns.argsEnd[row]);
    if (kind === rowKind.unfinished) {
      joiner.take({ kind: 'call', name, head, ending: 'unfinished' }, place, out);
      return;
    }
    const returned = text.slice(columns.returnedStart[row], columns.returnedEnd[row]);
    const durationNs = columns.durationNs[row];
    joiner.take({ kind: 'resumed', name, head, returned, durationNs, ending: 'returned' }, place, out);
  }

  return {
    read(chunk) {
      const out: StraceEvent[] = [];
      for (const piece of wholeLines.add(chunk)) readPiece(piece, out);
      return out;
    },
    end() {
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
