/**
 * The frames of `strace -k` → the names of the program's functions, from the outermost inwards.
 *
 * For frames without a name `client.names` has them. Code that V8 made while the program ran has an address in memory, and
 * a line as V8's map has it: start and size in hexadecimal, name; `7fc99c01c124 23c JS:~doConnect node:dgram:576:19`. What
 * stands in a file has an offset in it, and the file before such a line: `/run/echolab/node 79d800 207 _ZN4node7UDPWrap…`.
 */
import type { StackFrame } from 'strace-parser';
import { functionName } from './function-name.ts';

export type Names = readonly {
  /** Absent for code of V8's. */
  readonly module?: string;
  readonly from: bigint;
  readonly until: bigint;
  readonly name: string;
}[];

export const readNames = (text: string): Names =>
  text.split('\n').flatMap((line) => {
    const [, module, start, size, name] =
      /^(?:(\/.*) (?=[0-9a-f]+ [0-9a-f]+ \S+$))?([0-9a-f]+) ([0-9a-f]+) (.+)$/.exec(line) ?? [];
    if (start === undefined || size === undefined || name === undefined) return [];
    const from = BigInt(`0x${start}`);
    return [{ ...(module !== undefined && { module }), from, until: from + BigInt(`0x${size}`), name }];
  });

/**
 * The C library's symbols are stripped but for those that it exports, and strace names the nearest, or none: of its frames
 * only the function that the program called counts, and the last one with a name, which makes the system call.
 *
 * @param frames the innermost first, as strace prints them
 */
export function readUserStack(frames: readonly StackFrame[], names: Names): string[] {
  const inwards = frames.toReversed().map((frame) => ({ ...frame, name: nameOf(frame, names) }));
  const begin = inwards.findIndex(({ module, name }) => !isLibc(module) && name !== '_start');
  const own = inwards.slice(Math.max(0, begin));
  const last = own.findLastIndex(({ name }) => name !== unnamed);
  return own
    .filter(({ module }, index) => {
      const called = !isLibc(own[index - 1]?.module ?? '');
      return !isLibc(module) || called || index === last;
    })
    .map(({ name }, index, told) =>
      name === unnamed && isJavaScript(told[index - 1]?.name ?? '') ? unnamedBuiltin : name,
    );
}

/** `JavaScript doConnect (node:dgram:576)` */
export const isJavaScript = (name: string): boolean => name.startsWith('JavaScript ');

/** Neither strace nor a symbol table had a name for it. */
export const unnamed = '(unnamed)';

/** One of V8's built-in functions: through such a one JavaScript calls all others. */
export const isBuiltin = (name: string): boolean => name === unnamedBuiltin || name.startsWith('Builtins_');
const unnamedBuiltin = 'V8 (unnamed)';

const isLibc = (module: string): boolean => /\/libc(?:\.so\.6|-[\d.]+\.so)$|\/ld-musl-\S+$/.test(module);

function nameOf({ module, symbol, address }: StackFrame, names: Names): string {
  const isFile = module.startsWith('/');
  const known = symbol ?? (isFile ? nameAt(names, address, module) : undefined);
  if (known !== undefined) return isLibc(module) ? known.replace(/^__(?=[a-z])/, '') : functionName(known);
  if (isFile) return unnamed;
  // What strace prints in place of a module: unexpected_backtracing_error.
  const script = nameAt(names, address);
  return script === undefined ? 'JavaScript (unnamed)' : plainScript(script);
}

function nameAt(names: Names, address: bigint | undefined, module?: string): string | undefined {
  if (address === undefined) return undefined;
  // A frame goes on behind its call, which may be the last thing that the function does. V8's never is.
  const place = module === undefined ? address : address - 1n;
  return names.findLast((one) => one.module === module && one.from <= place && place < one.until)?.name;
}

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
