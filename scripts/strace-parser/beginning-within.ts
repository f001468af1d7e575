import { readLine } from './line.ts';
import { readPrefix } from './prefix.ts';

/** On stderr a program's output without a newline stands before strace's next line: `oops[pid 12] read(…`. Or 0. */
export function beginningWithin(text: string): number {
  const at = /\[pid +\d+(?:<[^<>]*>)?\] /.exec(text)?.index ?? 0;
  if (at === 0) return 0;
  const rest = text.slice(at);
  return readLine(rest, readPrefix(rest).length).kind === 'unknown' ? 0 : at;
}
