/** A line of `-k`: ` > /usr/lib/libc.so.6(connect+0x17) [0x10a7b7]`; `-kk` adds ` file.c:37`. */
import type { StackFrame } from './event.ts';

// A demangled symbol has parentheses of its own: `node(node::Start(int, char**)+0x37e)`. Of a module's name, only the
// kernel's ` (deleted)` may have them.
const frame =
  /^ > (?<module>(?:[^(]| \(deleted\))*?)(?:\((?<symbol>.*?)(?:\+0x(?<offset>[0-9a-f]+))?\))? \[0x(?<address>[0-9a-f]+)\](?: (?<source>.*))?$/s;
const backtraceProblem = /^ > (?<module>[a-z_]+|\(.*\))$/;

/** Reads a frame; undefined where the text is none. The place of the line is the caller's to add. */
export function readFrame(text: string): Omit<StackFrame, 'line'> | undefined {
  const groups = (frame.exec(text) ?? backtraceProblem.exec(text))?.groups;
  const module = groups?.['module'];
  if (groups === undefined || module === undefined) return undefined;
  const symbol = groups['symbol'];
  const offset = groups['offset'];
  const address = groups['address'];
  const source = groups['source'];
  return {
    module,
    ...(symbol === undefined || symbol === '' ? {} : { symbol }),
    ...(offset === undefined ? {} : { offset: Number.parseInt(offset, 16) }),
    ...(address === undefined ? {} : { address: BigInt(`0x${address}`) }),
    ...(source === undefined ? {} : { source }),
  };
}
