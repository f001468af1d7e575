/**
 * The slow way through a log: each line as text. Takes what the scanner does not know: odd prefixes, signals and exits,
 * tables, and lines on stderr that something else printed into.
 */
import { beginningWithin } from './beginning-within.ts';
import { createBlocks } from './blocks.ts';
import type { Clock } from './clock.ts';
import { diagnosticWithin } from './diagnostic.ts';
import type { Place } from './event.ts';
import type { Joiner } from './join.ts';
import { readLine, type Token } from './line.ts';
import { placeWith } from './place.ts';
import { readPrefix } from './prefix.ts';
import type { Sink } from './queue.ts';

export interface SlowLines {
  /** `bare` is the line's number and span. */
  take(raw: string, bare: Place, out: Sink): void;
  /** True while lines are collected that belong together: all others must come this way too. */
  readonly isCollecting: boolean;
  end(out: Sink): void;
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

/** `pid` is that of lines that carry none; `repair` joins lines that were cut in two. */
export function createSlowLines(
  joiner: Joiner,
  clock: Clock,
  pid: number | undefined,
  repair: boolean,
): SlowLines {
  const blocks = createBlocks(joiner);
  let broken: Broken | undefined;

  function takeText(text: string, bare: Place, out: Sink): void {
    const prefix = readPrefix(text);
    const token = readLine(text, prefix.length);
    if (token.kind === 'unknown' && prefix.length === 0 && joiner.takeRest(text, bare, out)) return;
    // A message at the end of a line makes a diagnostic of it, whatever stands before.
    const isOdd = token.kind === 'unknown' || token.kind === 'diagnostic';
    const noise = repair && isOdd ? beginningWithin(text, joiner.isKnown) : 0;
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
    const startNs = clock.read(prefix);
    const place = placeWith(bare, prefix, linePid, startNs);
    if ((token.kind === 'call' || token.kind === 'resumed') && token.ending === 'cut') {
      hold(text, prefix.length, place, out);
    } else joiner.take(token, place, out);
  }

  /** Keeps a line without a return until the rest of it comes. A message of strace that cut it goes on by itself. */
  function hold(text: string, bodyAt: number, place: Place, out: Sink): void {
    const message = diagnosticWithin(text);
    const head = repair && message > bodyAt ? text.slice(0, message) : text;
    if (head !== text) {
      joiner.take({ kind: 'diagnostic', about: 'strace', text: text.slice(message) }, place, out);
    }
    broken = { head, bodyAt, place, since: [] };
    if (!repair) giveUp(out);
  }

  /** True if the line was the rest of the broken one, or may be a part of it. */
  function mend(token: Token, text: string, bare: Place, out: Sink): boolean {
    if (broken === undefined) return false;
    if (token.kind === 'diagnostic') return false;
    // Without a pid in front no other call can begin before this one ends: `c()` is the program's output.
    const isOutput =
      token.kind === 'unknown' || (token.kind === 'call' && token.ending === 'cut' && isBare(text));
    if (isOutput && broken.since.length < longestRepair) {
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

  const isBare = (text: string): boolean => broken?.bodyAt === 0 && readPrefix(text).length === 0;

  function giveUp(out: Sink): void {
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

  return {
    take(raw, bare, out) {
      const text = raw.includes('\x1b') ? raw.replaceAll(colour, '') : raw;
      if (!blocks.take(text, bare, out)) takeText(text, bare, out);
    },
    get isCollecting() {
      return broken !== undefined || blocks.isCollecting;
    },
    end(out) {
      blocks.end(out);
      giveUp(out);
    },
  };
}
