/**
 * The frames of `strace -k` → the names of the program's functions, from the outermost inwards.
 *
 * A frame of code that V8 made while the program ran has an address and no name; the map that V8 wrote (`client.names`,
 * perf's form: start and size in hexadecimal, name) has it: `7fc99c01c124 23c JS:~doConnect node:dgram:576:19`.
 */
import type { StackFrame } from 'strace-parser';

export type Names = readonly { readonly from: bigint; readonly until: bigint; readonly name: string }[];

export const readNames = (text: string): Names =>
  text.split('\n').flatMap((line) => {
    const [, start, size, name] = /^([0-9a-f]+) ([0-9a-f]+) (.+)$/.exec(line) ?? [];
    if (start === undefined || size === undefined || name === undefined) return [];
    const from = BigInt(`0x${start}`);
    return [{ from, until: from + BigInt(`0x${size}`), name }];
  });

/**
 * The C library's symbols are stripped but for those that it exports, and strace names the nearest: of its frames only the
 * function that the program called counts, and the last one, which makes the system call.
 *
 * @param frames the innermost first, as strace prints them
 */
export function readUserStack(frames: readonly StackFrame[], names: Names): string[] {
  const inwards = frames.toReversed();
  const begin = inwards.findIndex(({ module, symbol }) => !isLibc(module) && symbol !== '_start');
  const told = inwards.slice(Math.max(0, begin)).filter(({ module }, index, own) => {
    const called = !isLibc(own[index - 1]?.module ?? '');
    return !isLibc(module) || called || index === own.length - 1;
  });
  return told.map((frame) => nameOf(frame, names));
}

/** `JavaScript doConnect (node:dgram:576)` */
export const isJavaScript = (name: string): boolean => name.startsWith('JavaScript ');

/** A function without a symbol: in Node one of V8's built-in ones, which the compiler made from V8's own language. */
export const unnamed = '(unnamed)';

const isLibc = (module: string): boolean => /\/libc(?:\.so\.6|-[\d.]+\.so)$|\/ld-musl-\S+$/.test(module);

function nameOf({ module, symbol, address }: StackFrame, names: Names): string {
  if (symbol !== undefined) return isLibc(module) ? symbol.replace(/^__(?=[a-z])/, '') : plainSymbol(symbol);
  if (module.startsWith('/')) return unnamed;
  // What strace prints in place of a module: unexpected_backtracing_error.
  const found = names.findLast(
    ({ from, until }) => address !== undefined && from <= address && address < until,
  );
  return found === undefined ? 'JavaScript (unnamed)' : plainScript(found.name);
}

/** `v8::internal::(anonymous namespace)::Invoke(v8::internal::Isolate*, …)` → `v8::internal::Invoke`. */
const plainSymbol = (symbol: string): string =>
  symbol.replaceAll('(anonymous namespace)::', '').replace(/(?<!operator)\(.*$/s, '');

/**
 * V8's words: `JS:~doConnect node:dgram:576:19`; `~` interpreted, `^` baseline, `+` and `*` optimised code. A function
 * without a name has none; a file is a URL. → `JavaScript doConnect (node:dgram:576)`, `JavaScript (udp-client.ts:40)`.
 */
function plainScript(said: string): string {
  const [, name = '', script = ''] =
    /^(?:JS|Script|Eval|Function):[~^+*']*(\S*) (\S+?)(?::\d+)?$/.exec(said) ?? [];
  if (script === '') return `JavaScript ${said}`;
  const place = script.replace(/^file:\/\/\S*\//, '');
  return name === '' ? `JavaScript (${place})` : `JavaScript ${name} (${place})`;
}
