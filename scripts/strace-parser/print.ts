/** The way back: a tree printed as strace prints it. For a tree that was parsed, the same bytes. */
import { escape } from './escape.ts';
import type { Value } from './value.ts';

/** Prints one value. `printValue(v) === call.argsText.slice(v.start, v.end)` for every value of a call. */
export function printValue(value: Value): string {
  switch (value.type) {
    case 'string':
      return `${value.abstract ? '@' : ''}"${value.text ?? escape(value.bytes)}"${value.truncated ? '...' : ''}`;
    case 'integer':
      return value.digits ?? printInteger(value.value, value.radix);
    case 'flags':
      return value.names.join('|');
    case 'struct': {
      const fields = value.fields.map((field) =>
        field.name === undefined ? printValue(field.value) : `${field.name}=${printValue(field.value)}`,
      );
      return enclose('{', fields, '}', value.more, value.open);
    }
    case 'array':
      return enclose('[', value.items.map(printValue), ']', value.more, value.open);
    case 'bitset':
      return `${value.negated ? '~' : ''}[${value.names.join(' ')}]`;
    case 'call':
      return enclose(`${value.name}(`, value.args.map(printValue), ')', value.more === true, value.open);
    case 'descriptor':
      return `${value.fd === -100 ? 'AT_FDCWD' : value.fd}${value.target.text}`;
    case 'change': {
      const change = `${printValue(value.before)} => ${printValue(value.after)}`;
      return value.bracketed === true ? `[${change}]` : change;
    }
    case 'comment':
      return value.value === undefined
        ? `/* ${value.text} */`
        : `${printValue(value.value)} /* ${value.text} */`;
    case 'named':
      return `${value.name}=${printValue(value.value)}`;
    case 'raw':
      return value.text;
    default:
      return unreachable(value);
  }
}

function unreachable(value: never): string {
  return String(value);
}

/** Prints the arguments of a call, separated as strace separates them. */
export function printArguments(args: readonly Value[]): string {
  return args.map(printValue).join(', ');
}

function enclose(
  open: string,
  parts: string[],
  close: string,
  more: boolean,
  cut: string | undefined,
): string {
  const all = more ? [...parts, '...'] : parts;
  return open + all.join(', ') + (cut ?? close);
}

function printInteger(value: number | bigint, radix: 8 | 10 | 16): string {
  if (radix === 16) return `0x${value.toString(16)}`;
  return radix === 8 ? `0${value.toString(8)}` : value.toString();
}
