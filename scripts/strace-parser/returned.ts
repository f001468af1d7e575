/** How a call came back: the text behind ` = `. */
import type { Returned } from './event.ts';
import { endOfTarget, readTarget } from './target.ts';
import { toInteger } from './integer.ts';

const head = /^(?:(?<value>0x[0-9a-fA-F]+|-?\d+)|\?)/;
const failure = /^ (?<errno>E[A-Z0-9_]+|\(errno \d+\))(?= |$)/;

/** Reads `-1 ENOENT (No such file or directory)`, `3</tmp/x>`, `? ERESTARTSYS (…)`, `0x7f12`, `0 (Timeout)`. */
export function readReturned(text: string): Returned {
  const found = head.exec(text);
  const digits = found?.groups?.['value'];
  const value = digits === undefined ? undefined : toInteger(digits);
  const base = {
    value,
    text,
    injected: text.includes(' (INJECTED)'),
    delayed: text.includes(' (DELAYED)'),
  };
  const at = found?.[0].length ?? 0;
  if (value !== undefined && text.charCodeAt(at) === 60) {
    const end = endOfTarget(text, at);
    if (end !== -1) return { ...base, target: readTarget(text.slice(at, end)) };
  }
  const errno =
    value === undefined || value === -1 ? failure.exec(text.slice(at))?.groups?.['errno'] : undefined;
  // strace has no name for an error above its table and prints `(errno 1844…)`: that is the name here.
  return errno === undefined ? base : { ...base, errno: errno.replace(/^\((.*)\)$/, '$1') };
}
