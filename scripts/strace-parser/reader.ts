/**
 * From chunks of bytes to events: cuts lines, reads each, repairs those that something else printed into, and joins
 * halves. Any chunking gives the same events; nothing it is given makes it throw.
 */
import { createClock } from './clock.ts';
import { diagnosticWithin } from './diagnostic.ts';
import type { StraceEvent } from './event.ts';
import { createJoiner } from './join.ts';
import { fromLatin1 } from './latin1.ts';
import { readLine, type Token } from './line.ts';
import type { Place } from './place.ts';
import { readPrefix } from './prefix.ts';
import { isTableEnd, isTableHeading, isTableRow, readTable } from './table.ts';

export interface ReadOptions {
  /** The pid of lines that carry none: of a file of `-ff`, whose name ends in it. */
  readonly pid?: number;
  /** Join a line with what follows where strace's messages or the program's output cut it in two. Default true. */
  readonly repair?: boolean;
}

export interface Reader {
  /** The events that this chunk completes, in the order in which the log completes them. */
  read(chunk: Uint8Array): StraceEvent[];
  end(): StraceEvent[];
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

export function createReader({ pid, repair = true }: ReadOptions = {}): Reader {
  const joiner = createJoiner();
  const clock = createClock();
  let parts: string[] = [];
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
    const prefix = readPrefix(text);
    const token = readLine(text, prefix.length);
    if (broken !== undefined && mend(token, text, bare, out)) return;
    const linePid = prefix.pid ?? pid;
    const startNs = clock(prefix);
    const place: Place = {
      ...bare,
      ...(linePid === undefined ? {} : { pid: linePid }),
      ...(prefix.comm === undefined ? {} : { comm: prefix.comm }),
      ...(startNs === undefined ? {} : { startNs }),
      ...(prefix.syscallNumber === undefined ? {} : { syscallNumber: prefix.syscallNumber }),
      ...(prefix.instructionPointer === undefined ? {} : { instructionPointer: prefix.instructionPointer }),
    };
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
    const lines = table.map((line) => line.text);
    table = [];
    joiner.take(
      { kind: 'diagnostic', about: 'table', text: lines.join('\n'), rows: readTable(lines) },
      { ...first.place, end: last.place.end },
      out,
    );
  }

  return {
    read(chunk) {
      const out: StraceEvent[] = [];
      const text = fromLatin1(chunk);
      let from = 0;
      for (let to = text.indexOf('\n'); to !== -1; to = text.indexOf('\n', from)) {
        const tail = text.slice(from, to);
        if (parts.length === 0) takeLine(tail, out);
        else {
          parts.push(tail);
          const line = parts.join('');
          parts = [];
          takeLine(line, out);
        }
        from = to + 1;
      }
      if (from < text.length) parts.push(text.slice(from));
      return out;
    },
    end() {
      const out: StraceEvent[] = [];
      if (parts.length > 0) takeLine(parts.join(''), out);
      parts = [];
      endTable(out);
      giveUp(out);
      joiner.end(out);
      return out;
    },
  };
}
