/**
 * Where the arguments of a call end and its return begins.
 *
 * The line is searched from its end: a string among the arguments may hold `) = 1 <0.1>`, and so may the path of
 * a decorated return (`= 3</tmp/a) = 1>`). strace escapes `<` and `>` inside paths, so a tail that was cut out of
 * a path has a `>` too many: only a tail with balanced angle brackets is a return.
 */
import { endOfTarget } from './target.ts';

export interface Border {
  /** Offset of the `)` that closes the arguments. */
  readonly argsEnd: number;
  /** The return as printed, without the duration. */
  readonly returnedStart: number;
  readonly returnedEnd: number;
  readonly durationNs: number | undefined;
}

const duration = / <(\d+)(?:\.(\d{1,9}))?>$/;
/** `-1 ENOENT (No such file or directory)`, `3<TCP:[…]>`, `0x7f (flags …) (INJECTED)`, `? <unavailable>`, or a comment behind. */
const returnForm =
  /^(?:-?\d+|0x[0-9a-fA-F]+|\?)(?:<.*>(?:\(deleted\))?)?(?: [A-Z][A-Z0-9_]*)?(?: <unavailable>)?(?: \/\* .* \*\/)?(?: \(.*\))*$/s;

/** A descriptor of a UNIX socket, whose name may hold anything but a quote that is not escaped. */
const namedSocket = /\) += (-?\d+<[\w.+-]+:\[\d+(?:->\d+)?,@?"(?:[^"\\]|\\.)*"\]>)$/s;

/** Finds the border in a line whose arguments begin at `from`; undefined where the line has no return. */
export function findBorder(line: string, from: number): Border | undefined {
  const spent = duration.exec(line);
  const returnedEnd = spent?.index ?? line.length;
  const durationNs =
    spent === null ? undefined : Number(spent[1]) * 1e9 + Number((spent[2] ?? '').padEnd(9, '0'));
  if (line.startsWith('"]>', returnedEnd - 3)) {
    const found = namedSocket.exec(line.slice(from, returnedEnd));
    const text = found?.[1] ?? '';
    if (found !== null) {
      return {
        argsEnd: from + found.index,
        returnedStart: returnedEnd - text.length,
        returnedEnd,
        durationNs,
      };
    }
  }
  let equals = line.lastIndexOf('= ', returnedEnd);
  while (equals > from) {
    let close = equals - 1;
    while (close > from && line.charCodeAt(close) === 32) close--;
    if (close < equals - 1 && close >= from && line.charCodeAt(close) === 41) {
      const returnedStart = equals + 2;
      if (
        returnForm.test(line.slice(returnedStart, returnedEnd)) &&
        isBalanced(line, returnedStart, returnedEnd)
      ) {
        return { argsEnd: close, returnedStart, returnedEnd, durationNs };
      }
    }
    equals = line.lastIndexOf('= ', equals - 1);
  }
  return undefined;
}

/** True if every `<` between the two places opens a decoration that is closed there, and no other `>` is left. */
function isBalanced(line: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const code = line.charCodeAt(at);
    if (code === 62) return false;
    if (code !== 60) continue;
    const end = endOfTarget(line, at);
    if (end === -1 || end > to) return false;
    at = end - 1;
  }
  return true;
}
