/** Values without parts: strings, numbers, names joined by `|`, and text there is no word for. */
import { unescape } from './escape.ts';
import { createKnownWords } from './known-words.ts';
import { toInteger } from './integer.ts';
import { copyOf } from './latin1.ts';
import type { DescriptorValue, FlagsValue, IntegerValue, RawValue, StringValue, Target } from './value.ts';
import { endOfQuoted, endOfTarget, readTarget } from './target.ts';

/** A place in the text of a call's arguments; readers move `at` behind what they read. */
export interface Cursor {
  readonly text: string;
  at: number;
  /** How many brackets are open. */
  depth: number;
}

/** A string of a log; its bytes are decoded at first reading. A class for the sake of speed, as in call.ts. */
class QuotedString implements StringValue {
  readonly type = 'string';
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly truncated: boolean;
  readonly abstract: boolean;
  #bytes: Uint8Array | undefined;

  constructor(start: number, end: number, text: string, truncated: boolean, abstract: boolean) {
    this.start = start;
    this.end = end;
    this.text = text;
    this.truncated = truncated;
    this.abstract = abstract;
  }

  get bytes(): Uint8Array {
    return (this.#bytes ??= unescape(this.text));
  }
}

/** Reads `"…"`, `"…"...`, `@"…"`; undefined (and nothing moved) where the quote never closes. */
export function readString(cursor: Cursor): StringValue | undefined {
  const { text, at: start } = cursor;
  const abstract = text.charCodeAt(start) === 64;
  const open = abstract ? start + 1 : start;
  const close = endOfQuoted(text, open);
  if (close === -1) return undefined;
  const truncated = text.startsWith('...', close);
  const end = truncated ? close + 3 : close;
  cursor.at = end;
  return new QuotedString(start, end, text.slice(open + 1, close - 1), truncated, abstract);
}

/** 1 for the characters that end a word: blank " ( ) , < = > [ ] { } */
const delimiters = new Uint8Array(256);
for (const character of ' "(),<=>[]{}') delimiters[character.charCodeAt(0)] = 1;

/** Reads to the next `,`, blank, bracket, `=` or decoration: `SOCK_STREAM|SOCK_CLOEXEC`, `16`, `1<<CAP_CHOWN`. */
export function readAtom(cursor: Cursor): string {
  const { text, at: start } = cursor;
  let at = start;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (delimiters[code] !== 1) continue;
    if (code === 60 && text.charCodeAt(at + 1) === 60) at++;
    else break;
  }
  cursor.at = at;
  return text.slice(start, at);
}

/**
 * A plain decimal number of up to fifteen digits, without zeros in front, or undefined with nothing moved. Nearly all
 * numbers of a log are such, and need no string.
 */
export function readDecimal(cursor: Cursor): number | undefined {
  const { text, at: start } = cursor;
  let at = start;
  let code = text.charCodeAt(at);
  const negative = code === 45;
  if (negative) code = text.charCodeAt(++at);
  const from = at;
  let value = 0;
  while (code >= 48 && code <= 57) {
    value = value * 10 + code - 48;
    code = text.charCodeAt(++at);
  }
  const digits = at - from;
  if (digits === 0 || digits > 15 || (digits > 1 && text.charCodeAt(from) === 48)) return undefined;
  if (at < text.length && (delimiters[code] !== 1 || (code === 60 && text.charCodeAt(at + 1) === 60)))
    return undefined;
  if (negative && value === 0) return undefined;
  cursor.at = at;
  return negative ? -value : value;
}

const knownNames = createKnownWords((word) => (word.includes('|') ? word.split('|') : [word]));

/** Names joined by `|`, where the word begins with a letter; undefined, with nothing moved, for other words. */
export function readNames(cursor: Cursor): readonly string[] | undefined {
  const { text, at: start } = cursor;
  let code = text.charCodeAt(start);
  if (!((code >= 65 && code <= 90) || (code >= 97 && code <= 122))) return undefined;
  let hash = 0;
  let at = start;
  for (; at < text.length; at++) {
    code = text.charCodeAt(at);
    if (delimiters[code] === 1) break;
    hash = (Math.imul(hash, 31) + code) | 0;
  }
  if (code === 60 && at < text.length && text.charCodeAt(at + 1) === 60) return undefined;
  cursor.at = at;
  return knownNames.read(text, start, at, hash);
}

/** A pointer and the like, `0x7ffd12345678`: up to thirteen digits (52 bits), without zeros in front; else nothing moved. */
export function readHexadecimal(cursor: Cursor): number | undefined {
  const { text, at: start } = cursor;
  if (text.charCodeAt(start) !== 48 || text.charCodeAt(start + 1) !== 120) return undefined;
  let at = start + 2;
  let code = text.charCodeAt(at);
  if (code === 48) return undefined;
  let value = 0;
  while ((code >= 48 && code <= 57) || (code >= 97 && code <= 102)) {
    value = value * 16 + (code <= 57 ? code - 48 : code - 87);
    code = text.charCodeAt(++at);
  }
  const digits = at - start - 2;
  if (digits === 0 || digits > 13) return undefined;
  // Only where the number is the whole word, and nothing that begins with one.
  if (at < text.length && code !== 44 && code !== 41 && code !== 93 && code !== 125 && code !== 32)
    return undefined;
  cursor.at = at;
  return value;
}

const integer = /^-?\d+$|^0x[0-9a-fA-F]+$/;
const canonical = /^-?(?:0|[1-9]\d*)$|^0x(?:0|[1-9a-f][0-9a-f]*)$|^0[1-7][0-7]*$/;
const octal = /^0[0-7]+$/;

/** Reads an atom as a number or as flags; `end` is the place behind it. */
export function toScalar(atom: string, start: number, end: number): IntegerValue | FlagsValue {
  const first = atom.charCodeAt(0);
  if ((first === 45 || (first >= 48 && first <= 57)) && integer.test(atom)) {
    const radix = atom.startsWith('0x') ? 16 : octal.test(atom) ? 8 : 10;
    const value = toInteger(atom);
    return canonical.test(atom) && !(value === 0 && first === 45)
      ? { type: 'integer', start, end, value, radix }
      : { type: 'integer', start, end, value, radix, digits: atom };
  }
  return { type: 'flags', start, end, names: atom.includes('|') ? atom.split('|') : [atom] };
}

/** Descriptors by number: the one that was read last is often the next. Slots are fixed. */
const lastTargets: (Target | undefined)[] = Array.from({ length: 256 });

/** Reads the decoration behind a descriptor, `AT_FDCWD` (-100) or a pid; undefined where it never closes. */
export function readDescriptor(cursor: Cursor, fd: number, start: number): DescriptorValue | undefined {
  const { text, at: open } = cursor;
  const last = lastTargets[fd & 255];
  // A decoration ends where its own text says, but for a `(deleted)` behind it.
  if (
    last !== undefined &&
    text.startsWith(last.text, open) &&
    text.charCodeAt(open + last.text.length) !== 40
  ) {
    cursor.at = open + last.text.length;
    return { type: 'descriptor', start, end: cursor.at, fd, target: last };
  }
  const end = endOfTarget(text, open);
  if (end === -1) return undefined;
  cursor.at = end;
  const target = readTarget(copyOf(text.slice(open, end)));
  lastTargets[fd & 255] = target;
  return { type: 'descriptor', start, end, fd, target };
}

/** Reads whatever stands up to the next `, ` or closing bracket of the level it begins on. */
export function readRaw(cursor: Cursor): RawValue {
  const { text, at: start } = cursor;
  let depth = 0;
  let at = start;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 34) {
      const close = endOfQuoted(text, at);
      at = close === -1 ? text.length : close - 1;
    } else if (code === 47 && text.startsWith('/* ', at)) {
      const close = text.indexOf(' */', at + 2);
      if (close !== -1) at = close + 2;
    } else if (code === 40 || code === 91 || code === 123) depth++;
    else if (code === 41 || code === 93 || code === 125) {
      if (depth === 0) break;
      depth--;
    } else if (code === 44 && depth === 0 && text.charCodeAt(at + 1) === 32) break;
  }
  const end = Math.min(at, text.length);
  cursor.at = end;
  return { type: 'raw', start, end, text: text.slice(start, end) };
}

/** Moves behind `, ` if the cursor stands there. */
export function skipComma(cursor: Cursor): boolean {
  if (cursor.text.charCodeAt(cursor.at) !== 44 || cursor.text.charCodeAt(cursor.at + 1) !== 32) return false;
  cursor.at += 2;
  return true;
}

/** A value may end before `, `, a closing bracket, the end of the text, or a blank (of a bitset). */
export function atBorder(cursor: Cursor): boolean {
  const { text, at } = cursor;
  if (at >= text.length) return true;
  switch (text.charCodeAt(at)) {
    case 44:
      return text.charCodeAt(at + 1) === 32;
    case 41:
    case 93:
    case 125:
      return true;
    default:
      return false;
  }
}
