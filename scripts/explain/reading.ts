/** The argument tree of a call, read for sentences: numbers, texts, names of constants. */
import { latin1 } from '../parse/bytes.ts';
import { field, parseArguments, printValue, type Call, type Value } from 'strace-parser';

/** An argument without what strace -N and -X verbose print around it. */
export function argument(call: Call, at: number): Value | undefined {
  return bare(call.args[at]);
}

export function bare(value: Value | undefined): Value | undefined {
  if (value?.type === 'named') return bare(value.value);
  if (value?.type === 'comment' && value.value !== undefined) return bare(value.value);
  return value;
}

/** `16`, `[16]`, `[128 => 16]`, `htons(9000)`; of a change what came out. */
export function numberOf(value: Value | undefined): number | undefined {
  const inner = bare(value);
  if (inner === undefined) return undefined;
  switch (inner.type) {
    case 'integer':
      return Number(inner.value);
    case 'array':
      return inner.items.length === 1 ? numberOf(inner.items[0]) : undefined;
    case 'change':
      return numberOf(inner.after);
    case 'call':
      return numberOf(inner.args[0]);
    case 'descriptor':
      return inner.fd;
    case 'bitset':
    case 'comment':
    case 'flags':
    case 'named':
    case 'raw':
    case 'string':
    case 'struct':
      return undefined;
    default:
      return inner satisfies never;
  }
}

/** The bytes of a string, one character per byte. */
export function textOf(value: Value | undefined): string | undefined {
  const inner = bare(value);
  if (inner?.type !== 'string') return undefined;
  const text = latin1(inner.bytes);
  return inner.abstract ? `@${text}` : text;
}

/** strace's escapes of up to 33 bytes: one more than an excerpt shows. */
const beginning = /^(?:\\(?:x[0-9a-f]{2}|[0-7]{1,3}|.)|[^\\]){0,33}/s;

/** The same as far as `excerpt` asks for it: a program reads files of kilobytes, of which a sentence quotes a line. */
export function beginningOf(value: Value | undefined): string | undefined {
  const inner = bare(value);
  if (inner?.type !== 'string' || inner.text === undefined || inner.abstract) return textOf(inner);
  const text = beginning.exec(inner.text)?.[0] ?? '';
  return textOf(text === inner.text ? inner : parseArguments(`"${text}"`)[0]);
}

/** A constant and the member of a struct it stands in (`msg_flags`), or an empty string. */
export interface Named {
  readonly name: string;
  readonly member: string;
}

/** The constants of a value in the order of the line, also those that -X verbose prints as comments. */
export function namesIn(value: Value | undefined, member = ''): Named[] {
  if (value === undefined) return [];
  switch (value.type) {
    case 'flags':
      return value.names.flatMap((name) => constants(name, member));
    case 'bitset':
      return value.names.flatMap((name) => signals(name));
    case 'struct':
      return value.fields.flatMap((inner) => namesIn(inner.value, inner.name));
    case 'array':
      return value.items.flatMap((item) => namesIn(item, member));
    case 'call':
      return [{ name: value.name, member }, ...value.args.flatMap((inner) => namesIn(inner, member))];
    case 'change':
      return [...namesIn(value.before, member), ...namesIn(value.after, member)];
    case 'named':
      return namesIn(value.value, member);
    case 'comment':
      return [...namesIn(value.value, member), ...constants(value.text, member)];
    case 'raw':
      return constants(value.text, member);
    case 'descriptor':
      return value.fd === -100 ? [{ name: 'AT_FDCWD', member }] : [];
    case 'integer':
    case 'string':
      return [];
    default:
      return value satisfies never;
  }
}

/** `NFNL_SUBSYS_NFTABLES<<8` holds one; `CAP_???` is strace's way to say that it knows none. */
const constants = (text: string, member: string): Named[] =>
  text.includes('???')
    ? []
    : [...text.matchAll(/\b_?[A-Z][A-Z0-9_]+\b/g)].map(([name]) => ({ name, member }));

/** Sets of signals leave SIG out: `[CHLD RTMIN]`; with -X verbose `[17 /* CHLD *\/]`. Sets of descriptors hold numbers. */
const signals = (text: string): Named[] =>
  [...text.matchAll(/\b[A-Z][A-Z0-9_]+\b/g)].map(([name]) => ({ name: `SIG${name}`, member: '' }));

/** The constants of an argument: `names(call, 1).includes('SOCK_NONBLOCK')`. */
export const names = (call: Call, at: number): string[] => namesIn(call.args[at]).map(({ name }) => name);

export const isNull = (value: Value | undefined): boolean => namesIn(value)[0]?.name === 'NULL';

/** A member of a struct argument, as far as the line shows it. */
export const member = (call: Call, at: number, name: string): Value | undefined =>
  field(argument(call, at), name);

/** A value as a sentence can have it: text without quotes where it is a name, short in any case. */
export function plain(value: Value | undefined): string {
  const inner = bare(value);
  if (inner === undefined) return '…';
  if (inner.type === 'change') return plain(inner.after);
  if (inner.type === 'array' && inner.items.length === 1 && !inner.more) return plain(inner.items[0]);
  const text = textOf(inner);
  if (text === undefined) return shorten(printValue(inner));
  return /^[\x21-\x7e]+$/.test(text) ? shorten(text) : `"${shorten(printValue(inner).slice(1, -1))}"`;
}

/** What a terminal or a page would take for a command (control characters, directions of writing) as its escape. */
export const printable = (text: string): string =>
  text.replaceAll(
    // oxlint-disable-next-line no-control-regex
    /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g,
    (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`,
  );

/** A struct timespec or timeval as `0.1 s`. */
export function secondsOf(value: Value | undefined): string | undefined {
  const seconds = numberOf(field(value, 'tv_sec'));
  if (seconds === undefined) return undefined;
  const ns = numberOf(field(value, 'tv_nsec')) ?? (numberOf(field(value, 'tv_usec')) ?? 0) * 1000;
  return `${seconds + ns / 1e9} s`;
}

export const shorten = (text: string, most = 100): string =>
  text.length > most ? `${text.slice(0, most - 1)}…` : text;

export const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** `: "HELLO!!"` where the bytes are text, else nothing. At most 32 of them. */
export function excerpt(text: string | undefined, count: number): string {
  const bytes = text?.slice(0, count) ?? '';
  const shown = bytes.slice(0, 32).replaceAll('\n', '\\n');
  if (!/^[\x20-\x7e]+$/.test(shown)) return '';
  return `: "${shown}${bytes.length > 32 || count > bytes.length ? '…' : ''}"`;
}
