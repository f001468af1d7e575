/** Sets of signals or descriptors, separated by blanks. */
import { readRaw, type Cursor } from './scalar.ts';
import type { BitsetValue } from './value.ts';

/** Signals in a set are printed without SIG; include/uapi/asm-generic/signal.h. */
const signalName =
  /^(?:RT_\d+|RTMIN|RTMAX|HUP|INT|QUIT|ILL|TRAP|ABRT|BUS|FPE|KILL|USR1|SEGV|USR2|PIPE|ALRM|TERM|STKFLT|CHLD|CONT|STOP|TSTP|TTIN|TTOU|URG|XCPU|XFSZ|VTALRM|PROF|WINCH|IO|PWR|SYS)$/;

export function isSignalName(name: string): boolean {
  return signalName.test(name);
}

/** A member may have a decoration, and with -X verbose a comment. */
const setMembers = /^(?:[\w.<>[\]:"@/-]+(?: \/\* [\w|]* \*\/)?(?: |$))*$/;
const memberBreak = / (?!\/\* |\*\/|[\w|]* \*\/)/;

/** `[CHLD WINCH]`, `~[USR1 RT_1]`, `[3 4]`; undefined (and nothing moved) where this is no set. */
export function readBitset(cursor: Cursor): BitsetValue | undefined {
  const { text, at: start } = cursor;
  const negated = text.charCodeAt(start) === 126;
  const from = negated ? start + 2 : start + 1;
  const scan: Cursor = { text, at: from, depth: 0 };
  const inner = readRaw(scan).text;
  if (text.charCodeAt(scan.at) !== 93 || !setMembers.test(inner)) return undefined;
  cursor.at = scan.at + 1;
  return {
    type: 'bitset',
    start,
    end: cursor.at,
    negated,
    names: inner === '' ? [] : inner.split(memberBreak),
  };
}
