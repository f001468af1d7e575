/** Calls as comma-separated values (RFC 4180): one line per call, arguments and return as printed. */
import type { Call } from './event.ts';

export const csvHeading =
  'line,pid,startNs,durationNs,name,arguments,state,returned,errno,resumedLine,resumedNs';

export function toCsv(call: Call): string {
  const { line, pid, startNs, durationNs, name, argsText, state, returned, resumedLine, resumedNs } = call;
  return [
    line,
    pid,
    startNs,
    durationNs,
    name,
    argsText,
    state,
    returned?.text,
    returned?.errno,
    resumedLine,
    resumedNs,
  ]
    .map(cell)
    .join(',');
}

function cell(value: string | number | bigint | undefined): string {
  const text = value === undefined ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
