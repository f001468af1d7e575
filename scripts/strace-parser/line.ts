/** First stage: one line, by itself, becomes a token. Which call a half belongs to is the second stage's (join.ts). */
import { findBorder } from './border.ts';
import type { Diagnostic, StackFrame } from './event.ts';
import { readDiagnostic } from './diagnostic.ts';
import { readFrame } from './frame.ts';

/** The texts of a call's line. `head` is what stands between the parentheses. */
export interface Half {
  readonly name: string;
  readonly head: string;
  /** Text behind ` = `, without the duration; absent where the line does not say. */
  readonly returned?: string;
  readonly durationNs?: number | undefined;
  /**
   * `returned`: the line says how. `unfinished`: `<unfinished ...>`. `detached`: `<detached ...>`.
   * `cut`: the line stops before its return, because the log does or because something printed into it.
   */
  readonly ending: 'returned' | 'unfinished' | 'detached' | 'cut';
}

export type Token =
  | ({ readonly kind: 'call' } & Half)
  | ({ readonly kind: 'resumed' } & Half)
  | { readonly kind: 'signal'; readonly name: string; readonly info: string | undefined }
  | { readonly kind: 'stopped'; readonly name: string }
  | { readonly kind: 'exit'; readonly status: number }
  | { readonly kind: 'killed'; readonly signal: string; readonly coreDumped: boolean }
  | { readonly kind: 'superseded'; readonly byPid: number }
  | { readonly kind: 'frame'; readonly frame: Omit<StackFrame, 'line'>; readonly text: string }
  | { readonly kind: 'dump'; readonly text: string }
  | {
      readonly kind: 'diagnostic';
      readonly about: Diagnostic['about'];
      readonly text: string;
      readonly rows?: readonly Readonly<Record<string, string>>[];
    }
  | { readonly kind: 'unknown'; readonly text: string; readonly why: string };

const callHead = /(?:[A-Za-z_][A-Za-z0-9_]*|\?{4})\(/y;
const resumedHead = /<\.\.\. (\S+) resumed>/y;
const life =
  /\+\+\+ (?:exited with (\d+)|killed by (\S+)( \(core dumped\))?|superseded by execve in pid (\d+)[^+]*) \+\+\+$/y;
const signal = /--- (?:stopped by (\S+)|(\S+)(?: (.*))?) ---$/sy;
/** `<pid changed to 12 ...>` is the execve of a thread that goes on under its leader's pid. */
const unfinished = / <(?:unfinished(?: #\d+)?|pid changed to \d+) \.\.\.>$/;
const detached = / <detached \.\.\.>$/;
const personality = /\[ Process PID=\d+ runs in .* mode\. \]$/y;
const dump = /(?: \| [0-9a-f]{5,} | \* \d+ bytes in buffer )/y;

/** Reads the part of `line` behind its prefix, which is `from` characters long. */
export function readLine(line: string, from: number): Token {
  switch (line.charCodeAt(from)) {
    case 60: // <... read resumed>
      if (match(resumedHead, line, from)) {
        const name = line.slice(from + 5, resumedHead.lastIndex - 9);
        return { kind: 'resumed', name, ...readHalf(line, resumedHead.lastIndex) };
      }
      break;
    case 43: // +++ exited with 0 +++
      return readLife(line, from);
    case 45: // --- SIGCHLD {…} ---
      return readSignal(line, from);
    case 91: // [ Process PID=7 runs in 32 bit mode. ]
      if (match(personality, line, from))
        return { kind: 'diagnostic', about: 'personality', text: line.slice(from) };
      break;
    case 32: {
      // A frame of -k, or a dump of -e read=
      const frame = readFrame(line.slice(from));
      if (frame !== undefined) return { kind: 'frame', frame, text: line.slice(from) };
      if (match(dump, line, from)) return { kind: 'dump', text: line.slice(from) };
      break;
    }
    default:
      if (match(callHead, line, from)) {
        const name = line.slice(from, callHead.lastIndex - 1);
        return { kind: 'call', name, ...readHalf(line, callHead.lastIndex) };
      }
  }
  const about = readDiagnostic(line);
  if (about !== undefined) return { kind: 'diagnostic', about, text: line };
  return {
    kind: 'unknown',
    text: line,
    why: 'no call, resumption, signal, exit, stack frame or dump begins here',
  };
}

function match(pattern: RegExp, line: string, at: number): boolean {
  pattern.lastIndex = at;
  return pattern.test(line);
}

function readHalf(line: string, from: number): Omit<Half, 'name'> {
  // These come first: a line without a return may hold one in a string, but no line with a return ends like them.
  const suspended = unfinished.exec(line);
  if (suspended !== null) return { head: line.slice(from, suspended.index), ending: 'unfinished' };
  const left = detached.exec(line);
  if (left !== null) return { head: line.slice(from, left.index), ending: 'detached' };
  const border = findBorder(line, from);
  if (border === undefined) return { head: line.slice(from), ending: 'cut' };
  const { argsEnd, returnedStart, returnedEnd, durationNs } = border;
  return {
    // A thread that dies within a call: `read(3,  <unfinished ...>) = ?`.
    head: line.slice(from, argsEnd).replace(unfinished, ''),
    returned: line.slice(returnedStart, returnedEnd),
    durationNs,
    ending: 'returned',
  };
}

function readLife(line: string, from: number): Token {
  life.lastIndex = from;
  const found = life.exec(line);
  if (found === null)
    return { kind: 'unknown', text: line, why: 'begins like an exit (+++) and does not go on like one' };
  const [, status, killer, core, superseder] = found;
  if (status !== undefined) return { kind: 'exit', status: Number(status) };
  if (killer !== undefined) return { kind: 'killed', signal: killer, coreDumped: core !== undefined };
  return { kind: 'superseded', byPid: Number(superseder) };
}

function readSignal(line: string, from: number): Token {
  signal.lastIndex = from;
  const found = signal.exec(line);
  if (found === null)
    return { kind: 'unknown', text: line, why: 'begins like a signal (---) and does not go on like one' };
  const [, stop, name, info] = found;
  if (stop !== undefined) return { kind: 'stopped', name: stop };
  return { kind: 'signal', name: name ?? '', info };
}
