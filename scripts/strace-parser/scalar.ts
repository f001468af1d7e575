/** Values without parts: strings, numbers, names joined by `|`, and text there is no word for. */
import { unescape } from './escape.ts';
import { toInteger } from './integer.ts';
import type { DescriptorValue, FlagsValue, IntegerValue, RawValue, StringValue } from './value.ts';
import { endOfQuoted, endOfTarget, readTarget } from './target.ts';

/** A place in the text of a call's arguments; readers move `at` behind what they read. */
export interface Cursor {
  readonly text: string;
  at: number;
  /** How many brackets are open. */
  depth: number;
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
  const quoted = text.slice(open + 1, close - 1);
  return { type: 'string', start, end, text: quoted, bytes: unescape(quoted), truncated, abstract };
}

/** Reads to the next `,`, blank, bracket, `=` or decoration: `SOCK_STREAM|SOCK_CLOEXEC`, `16`, `1<<CAP_CHOWN`. */
export function readAtom(cursor: Cursor): string {
  const { text, at: start } = cursor;
  let at = start;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 60 && text.charCodeAt(at + 1) === 60) at++;
    else if (isDelimiter(code)) break;
  }
  cursor.at = at;
  return text.slice(start, at);
}

/** blank " ( ) , < = > [ ] { } */
function isDelimiter(code: number): boolean {
  switch (code) {
    case 32:
    case 34:
    case 40:
    case 41:
    case 44:
    case 60:
    case 61:
    case 62:
    case 91:
    case 93:
    case 123:
    case 125:
      return true;
    default:
      return false;
  }
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
    return canonical.test(atom)
      ? { type: 'integer', start, end, value, radix }
      : { type: 'integer', start, end, value, radix, digits: atom };
  }
  return { type: 'flags', start, end, names: atom.split('|') };
}

/** Reads the decoration behind a descriptor, `AT_FDCWD` or a pid; undefined where it never closes. */
export function readDescriptor(cursor: Cursor, name: string, start: number): DescriptorValue | undefined {
  const open = cursor.at;
  const end = endOfTarget(cursor.text, open);
  if (end === -1) return undefined;
  const fd = name === 'AT_FDCWD' ? -100 : Number(name);
  if (!Number.isInteger(fd) || (fd === -100 && name !== 'AT_FDCWD')) return undefined;
  cursor.at = end;
  return { type: 'descriptor', start, end, fd, target: readTarget(cursor.text.slice(open, end)) };
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
