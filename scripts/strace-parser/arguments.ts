/** The text between the parentheses of a call becomes a tree of values (value.ts). Never throws. */
import { isSignalName, readBitset } from './bitset.ts';
import { createKnownWords } from './known-words.ts';
import {
  atBorder,
  readAtom,
  readDecimal,
  readDescriptor,
  readHexadecimal,
  readNames,
  readRaw,
  readString,
  skipComma,
  toScalar,
  type Cursor,
} from './scalar.ts';
import type { NestedCallValue, StructValue, Value } from './value.ts';

/** Brackets nested deeper than this are kept as raw text: the reader must not run out of stack on any input. */
const deepest = 100;

/** Reads all arguments. Offsets of the values are places in `text`; between two of them stands `, `. */
export function parseArguments(text: string): Value[] {
  const cursor: Cursor = { text, at: 0, depth: 0 };
  const args: Value[] = [];
  while (cursor.at < text.length) {
    const before = cursor.at;
    args.push(readValue(cursor));
    if (!skipComma(cursor)) {
      // Something closes here that never opened: keep the rest whole.
      if (cursor.at < text.length || cursor.at === before) {
        args.pop();
        args.push({ type: 'raw', start: before, end: text.length, text: text.slice(before) });
      }
      break;
    }
  }
  return args;
}

/** One value with what may follow it: a comment, or ` => ` and what became of it. */
function readValue(cursor: Cursor): Value {
  const { text, at: start } = cursor;
  let value = readPrimary(cursor);
  while (text.charCodeAt(cursor.at) === 32) {
    if (text.startsWith(' /* ', cursor.at)) {
      const close = text.indexOf(' */', cursor.at + 4);
      if (close === -1) break;
      const comment = text.slice(cursor.at + 4, close);
      cursor.at = close + 3;
      value = { type: 'comment', start, end: cursor.at, text: comment, value };
    } else if (text.startsWith(' => ', cursor.at)) {
      cursor.at += 4;
      const after = readValue(cursor);
      value = { type: 'change', start, end: cursor.at, before: value, after };
    } else break;
  }
  if (atBorder(cursor)) return value;
  cursor.at = start;
  return readRaw(cursor);
}

function readPrimary(cursor: Cursor): Value {
  const { text, at: start } = cursor;
  if (cursor.depth > deepest) return readRaw(cursor);
  switch (text.charCodeAt(start)) {
    case 34: // "
      return readString(cursor) ?? readRaw(cursor);
    case 64: // @
      if (text.charCodeAt(start + 1) === 34) return readString(cursor) ?? readRaw(cursor);
      break;
    case 91: // [
      return readBracket(cursor);
    case 123: // {
      return readStruct(cursor);
    case 126: // ~
      if (text.charCodeAt(start + 1) === 91) return readBitset(cursor) ?? readRaw(cursor);
      break;
    case 46: // ...
    case 63: // ?
    case 60: // <... resuming interrupted read ...>
      return readRaw(cursor);
    case 47: // a comment alone
      if (text.startsWith('/* ', start)) {
        const close = text.indexOf(' */', start + 3);
        if (close === -1) return readRaw(cursor);
        cursor.at = close + 3;
        return { type: 'comment', start, end: cursor.at, text: text.slice(start + 3, close) };
      }
      break;
  }
  return readWord(cursor);
}

/** AT_FDCWD of include/uapi/linux/fcntl.h. */
const atFdCwd = -100;
const fieldName = /^[A-Za-z_][\w.]*$/;

/** A word, and what its end says it is: `name(`, `fd<`, `name=`, or a plain number or flags. */
function readWord(cursor: Cursor): Value {
  const { text, at: start } = cursor;
  const decimal = readDecimal(cursor);
  if (decimal !== undefined && text.charCodeAt(cursor.at) !== 40 && text.charCodeAt(cursor.at) !== 61) {
    if (text.charCodeAt(cursor.at) === 60 && decimal !== atFdCwd) {
      return readDescriptor(cursor, decimal, start) ?? rawFrom(cursor, start);
    }
    return { type: 'integer', start, end: cursor.at, value: decimal, radix: 10 };
  }
  cursor.at = start;
  const pointer = readHexadecimal(cursor);
  if (pointer !== undefined) return { type: 'integer', start, end: cursor.at, value: pointer, radix: 16 };
  const names = readNames(cursor);
  const follower = text.charCodeAt(cursor.at);
  if (names !== undefined && follower !== 40 && follower !== 60 && follower !== 61) {
    return { type: 'flags', start, end: cursor.at, names };
  }
  cursor.at = start;
  const atom = readAtom(cursor);
  if (atom === '') return readRaw(cursor);
  switch (text.charCodeAt(cursor.at)) {
    case 40: // (
      return fieldName.test(atom) ? readCall(cursor, atom, start) : rawFrom(cursor, start);
    case 60: // <
      return (
        (atom === 'AT_FDCWD' ? readDescriptor(cursor, atFdCwd, start) : undefined) ?? rawFrom(cursor, start)
      );
    case 61: // =
      if (fieldName.test(atom) && text.charCodeAt(cursor.at + 1) !== 61) {
        cursor.at++;
        const value = readValue(cursor);
        return { type: 'named', start, end: cursor.at, name: atom, value };
      }
      return rawFrom(cursor, start);
  }
  return toScalar(atom, start, cursor.at);
}

function rawFrom(cursor: Cursor, start: number): Value {
  cursor.at = start;
  return readRaw(cursor);
}

/** `htons(53)`; the cursor stands on the parenthesis. */
function readCall(cursor: Cursor, name: string, start: number): NestedCallValue {
  cursor.at++;
  const { items, more, open } = readItems(cursor, 41, readValue);
  return {
    type: 'call',
    start,
    end: cursor.at,
    name,
    args: items,
    ...(more ? { more } : {}),
    ...(open === undefined ? {} : { open }),
  };
}

function readStruct(cursor: Cursor): StructValue {
  const start = cursor.at++;
  const { items: fields, more, open } = readItems(cursor, 125, readField);
  return open === undefined
    ? { type: 'struct', start, end: cursor.at, fields, more }
    : { type: 'struct', start, end: cursor.at, fields, more, open };
}

type Field = StructValue['fields'][number];

const knownFields = createKnownWords((word) => word);

/** `sin_port=htons(53)`, or a value alone. */
function readField(cursor: Cursor): Field {
  const { text, at: start } = cursor;
  let at = start;
  let code = text.charCodeAt(at);
  let hash = 0;
  // Lower-case letters, digits and _ are nearly all that names of members have.
  while ((code >= 97 && code <= 122) || code === 95 || (at > start && code >= 48 && code <= 57)) {
    hash = (Math.imul(hash, 31) + code) | 0;
    code = text.charCodeAt(++at);
  }
  if (code !== 61 || at === start || text.charCodeAt(at + 1) === 61) {
    const value = readValue(cursor);
    return value.type === 'named' ? { name: value.name, value: value.value } : { value };
  }
  cursor.at = at + 1;
  return { name: knownFields.read(text, start, at, hash), value: readValue(cursor) };
}

/** An array, `[128 => 16]`, or a set: members of a set are separated by blanks alone, or are a signal's short name. */
function readBracket(cursor: Cursor): Value {
  const start = cursor.at++;
  const { items, more, open } = readItems(cursor, 93, readValue);
  const only = items.length === 1 && !more && open === undefined ? items[0] : undefined;
  if (only?.type === 'change') return { ...only, start, end: cursor.at, bracketed: true };
  if (
    only?.type === 'raw' ||
    (only?.type === 'flags' && only.names.length === 1 && isSignalName(only.names[0] ?? ''))
  ) {
    const end = cursor.at;
    cursor.at = start;
    const set = readBitset(cursor);
    if (set !== undefined && set.end === end) return set;
    cursor.at = end;
  }
  return { type: 'array', start, end: cursor.at, items, more, ...(open === undefined ? {} : { open }) };
}

/**
 * Items up to `closer`; `more` where the last one is `...`. Where the text ends first, `open` is what stands in
 * the closer's place: nothing, or the `, ` behind which a call was interrupted.
 */
function readItems<Item>(cursor: Cursor, closer: number, readItem: (cursor: Cursor) => Item): Items<Item> {
  const { text } = cursor;
  const items: Item[] = [];
  let open = '';
  if (text.charCodeAt(cursor.at) === closer) {
    cursor.at++;
    return { items, more: false, open: undefined };
  }
  cursor.depth++;
  while (cursor.at < text.length) {
    if (
      text.charCodeAt(cursor.at) === 46 &&
      text.startsWith('...', cursor.at) &&
      text.charCodeAt(cursor.at + 3) === closer
    ) {
      cursor.at += 4;
      cursor.depth--;
      return { items, more: true, open: undefined };
    }
    items.push(readItem(cursor));
    if (text.charCodeAt(cursor.at) === closer) {
      cursor.at++;
      cursor.depth--;
      return { items, more: false, open: undefined };
    }
    open = '';
    if (!skipComma(cursor)) break;
    open = ', ';
  }
  cursor.depth--;
  return { items, more: false, open };
}

interface Items<Item> {
  readonly items: Item[];
  readonly more: boolean;
  readonly open: string | undefined;
}
