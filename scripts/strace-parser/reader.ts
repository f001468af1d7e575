/**
 * From chunks of bytes to events: cuts lines, reads each, repairs those that something else printed into, and joins
 * halves. Any chunking gives the same events; nothing it is given makes it throw.
 */
import { LoggedCall } from './call.ts';
import { createClock } from './clock.ts';
import { createColumns, rowKind } from './columns.ts';
import { beginningWithin } from './beginning-within.ts';
import { diagnosticWithin } from './diagnostic.ts';
import type { StraceEvent } from './event.ts';
import { createWanted, type Filter } from './filter.ts';
import { createJoiner } from './join.ts';
import { fromLatin1 } from './latin1.ts';
import { readLine, type Token } from './line.ts';
import { placeOf, placeWith, type Place } from './place.ts';
import { readPrefix } from './prefix.ts';
import { scan } from './scan.ts';
import { isTableEnd, isTableHeading, isTableRow, readTable } from './table.ts';
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

interface Line {
  readonly text: string;
  readonly place: Place;
}

/** A line that stopped before its return, and the lines since then that may hold the rest. */
interface Broken {
  readonly head: string;
  readonly bodyAt: number;
  readonly place: Place;
  readonly since: Line[];
}

/** So many lines of a program's output inside one line of strace are believed. */
const longestRepair = 1000;

const colour = /\x1b\[[0-9;]*m/g; // eslint-disable-line no-control-regex

export function createReader({ pid, repair = true, filter }: ReadOptions = {}): Reader {
  const joiner = createJoiner(filter);
  const wanted = createWanted(filter);
  const wholeLines = createWholeLines();
  const columns = createColumns(2048);
  const clock = createClock();
  let offset = 0;
  let number = 0;
  let broken: Broken | undefined;
  let table: Line[] = [];

  function takeLine(raw: string, out: StraceEvent[]): void {
    const text = raw.includes('\x1b') ? raw.replaceAll(colour, '') : raw;
    const bare: Place = { line: ++number, start: offset, end: offset + raw.length };
    offset += raw.length + 1;
    if (table.length > 0 || isTableHeading(text)) {
      if (table.length === 0 || isTableRow(text)) {
        table.push({ text, place: bare });
        if (isTableEnd(text)) endTable(out);
        return;
      }
      endTable(out);
    }
    takeText(text, bare, out);
  }

  function takeText(text: string, bare: Place, out: StraceEvent[]): void {
    const prefix = readPrefix(text);
    const token = readLine(text, prefix.length);
    const noise = repair && token.kind === 'unknown' ? beginningWithin(text) : 0;
    if (noise > 0) {
      const why = 'something else printed this before a line of strace';
      joiner.take(
        { kind: 'unknown', text: text.slice(0, noise), why },
        { ...bare, end: bare.start + noise },
        out,
      );
      takeText(text.slice(noise), { ...bare, start: bare.start + noise }, out);
      return;
    }
    if (broken !== undefined && mend(token, text, bare, out)) return;
    const linePid = prefix.pid ?? pid;
    const startNs = clock(prefix);
    const place = placeWith(bare, prefix, linePid, startNs);
    if ((token.kind === 'call' || token.kind === 'resumed') && token.ending === 'cut') {
      hold(text, prefix.length, place, out);
    } else joiner.take(token, place, out);
  }

  /** Keeps a line without a return until the rest of it comes. A message of strace that cut it goes on by itself. */
  function hold(text: string, bodyAt: number, place: Place, out: StraceEvent[]): void {
    const message = diagnosticWithin(text);
    const head = repair && message > bodyAt ? text.slice(0, message) : text;
    if (head !== text) {
      joiner.take({ kind: 'diagnostic', about: 'strace', text: text.slice(message) }, place, out);
    }
    broken = { head, bodyAt, place, since: [] };
    if (!repair) giveUp(out);
  }

  /** True if the line was the rest of the broken one, or may be a part of it. */
  function mend(token: Token, text: string, bare: Place, out: StraceEvent[]): boolean {
    if (broken === undefined) return false;
    if (token.kind === 'diagnostic') return false;
    if (token.kind === 'unknown' && broken.since.length < longestRepair) {
      const whole = [broken.head + (broken.since[0]?.text ?? '')];
      for (const line of broken.since.slice(1)) whole.push(line.text);
      if (broken.since.length === 0) whole[0] += text;
      else whole.push(text);
      const mended = readLine(whole.join('\n'), broken.bodyAt);
      if ((mended.kind === 'call' || mended.kind === 'resumed') && mended.ending !== 'cut') {
        const place = { ...broken.place, end: bare.end };
        broken = undefined;
        joiner.take(mended, place, out);
      } else broken.since.push({ text, place: bare });
      return true;
    }
    giveUp(out);
    return false;
  }

  function giveUp(out: StraceEvent[]): void {
    if (broken === undefined) return;
    const { head, place, since } = broken;
    broken = undefined;
    joiner.take(
      { kind: 'unknown', text: head, why: 'the line stops before the return of the call' },
      place,
      out,
    );
    for (const line of since) {
      joiner.take(
        { kind: 'unknown', text: line.text, why: 'nothing of strace begins here' },
        line.place,
        out,
      );
    }
  }

  function endTable(out: StraceEvent[]): void {
    const [first] = table;
    const last = table.at(-1);
    if (first === undefined || last === undefined) return;
    const texts = table.map((line) => line.text);
    table = [];
    joiner.take(
      { kind: 'diagnostic', about: 'table', text: texts.join('\n'), rows: readTable(texts) },
      { ...first.place, end: last.place.end },
      out,
    );
  }

  /** Whole lines: rows that the scanner knows become events at once, the others go the slow way. */
  function readPiece(piece: Uint8Array, out: StraceEvent[]): void {
    const text = fromLatin1(piece);
    for (let at = 0; at < piece.length;) {
      at = scan(piece, at, columns);
      for (let row = 0; row < columns.length; row++) takeRow(row, text, out);
      if (columns.length === 0) return;
    }
  }

  function takeRow(row: number, text: string, out: StraceEvent[]): void {
    const kind = columns.kind[row] ?? 0;
    const from = columns.lineStart[row] ?? 0;
    const to = columns.lineEnd[row] ?? 0;
    if (kind === rowKind.other || broken !== undefined || table.length > 0) {
      takeLine(text.slice(from, to), out);
      return;
    }
    const name = columns.names.list[columns.name[row] ?? 0] ?? '';
    const thread = columns.pid[row] ?? 0;
    const place = placeOf(
      ++number,
      offset,
      offset + to - from,
      thread === 0 ? pid : thread,
      columns.startNs[row] ?? 0n,
    );
    offset += to - from + 1;
    const argsStart = columns.argsStart[row] ?? 0;
    const argsEnd = columns.argsEnd[row] ?? 0;
    const returnedStart = columns.returnedStart[row] ?? 0;
    const returnedEnd = columns.returnedEnd[row] ?? 0;
    const durationNs = columns.durationNs[row] ?? 0;
    if (kind === rowKind.call) {
      const isWanted =
        filter === undefined ||
        (wanted.name(name) && wanted.pid(place.pid) && wanted.errno(text.slice(returnedStart, returnedEnd)));
      const source = { text, argsStart, argsEnd, returnedStart, returnedEnd };
      joiner.takeCall(
        isWanted ? new LoggedCall(place, name, 'complete', source, durationNs) : undefined,
        out,
      );
      return;
    }
    const head = text.slice(argsStart, argsEnd);
    const token: Token =
      kind === rowKind.unfinished
        ? { kind: 'call', name, head, ending: 'unfinished' }
        : {
            kind: 'resumed',
            name,
            head,
            returned: text.slice(returnedStart, returnedEnd),
            durationNs,
            ending: 'returned',
          };
    joiner.take(token, place, out);
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
      if (last.length > 0) takeLine(fromLatin1(last), out);
      endTable(out);
      giveUp(out);
      joiner.end(out);
      return out;
    },
    lineCount: () => number,
  };
}
