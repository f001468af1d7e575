import { readLine } from './line.ts';
import { readPrefix } from './prefix.ts';

const inBrackets = /\[pid +\d+(?:<[^<>]*>)?\] /;
/** `--always-show-pid` prints no brackets on stderr either, and a blank even behind a padded pid. */
const bare = /\d+(?=(?:<[^<>]*>)? +\S)/g;

/**
 * Where strace's next line begins in one that a program's output without a newline stands before: `oops[pid 12] read(…`.
 * Or 0. Without brackets only the pid of a thread that `isKnown` counts, because output may end in digits: `1212 exit(…`.
 */
export function beginningWithin(text: string, isKnown: (pid: number) => boolean): number {
  const at = inBrackets.exec(text)?.index ?? 0;
  if (at > 0 && isLine(text.slice(at))) return at;
  for (const { 0: digits, index } of text.matchAll(bare)) {
    for (let from = index; from < index + digits.length; from++) {
      const pid = text.slice(from, index + digits.length);
      if (from > 0 && !pid.startsWith('0') && isKnown(Number(pid)) && isLine(text.slice(from))) return from;
    }
  }
  return 0;
}

function isLine(text: string): boolean {
  return readLine(text, readPrefix(text).length).kind !== 'unknown';
}
