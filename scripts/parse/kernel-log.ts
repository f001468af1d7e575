import type { Packet } from '../model/packet.ts';
import type { Problem } from '../model/problem.ts';
import { readLogText } from './log-text.ts';
import type { RulePrefix } from './prefix.ts';
import { isUnreadable } from './unreadable.ts';

interface KmsgRecord {
  line: number;
  /** 0 emergency to 7 debug; iptables LOG writes 4 unless `--log-level` says otherwise. */
  level: number;
  /** The kernel's own count of records: a gap is a loss, or another's line that the recording left out. */
  seq: number;
  /** Microseconds of the kernel's scheduling clock, which is none of the POSIX clocks: whoever records measures the offset. */
  stampUs: number;
  text: string;
}

/** A packet that passed one of the lab's LOG rules. */
export interface LogRecord extends KmsgRecord, RulePrefix {
  kind: 'log';
  /** Interface names; '' on the way that the packet did not take. */
  in: string;
  out: string;
  packet: Packet;
}

/** Anything else: markers of the lab, other people's rules, the kernel's own news. */
export interface PlainRecord extends KmsgRecord {
  kind: 'plain';
}

export type KernelRecord = LogRecord | PlainRecord;

/**
 * Records as /dev/kmsg gives them (Documentation/ABI/testing/dev-kmsg): `LEVEL,SEQ,STAMP,FLAGS;TEXT`, then lines
 * ` KEY=value` that belong to the record above and hold nothing of this lab's.
 */
export function readKernelLog(
  text: string,
  source: string,
): { records: KernelRecord[]; problems: Problem[] } {
  const records: KernelRecord[] = [];
  const problems: Problem[] = [];
  const rulesWithoutOptions = new Set<string>();
  for (const [index, whole] of text.split('\n').entries()) {
    if (whole === '' || whole.startsWith(' ')) continue;
    const line = index + 1;
    const head = /^(\d+),(\d+),(\d+),[^;]*;/.exec(whole);
    if (head === null) {
      problems.push({ source, line, what: `no /dev/kmsg record: ${whole.slice(0, 60)}` });
      continue;
    }
    const record = {
      line,
      level: Number(head[1]) & 7,
      seq: Number(head[2]),
      stampUs: Number(head[3]),
      text: unescape(whole.slice(head[0].length)),
    };
    const logged = readLogText(record.text);
    if (logged === undefined) {
      records.push({ kind: 'plain', ...record });
      continue;
    }
    const { optionsMissing, ...rest } = logged;
    records.push({ kind: 'log', ...record, ...rest });
    if (isUnreadable(rest.packet)) problems.push({ source, line, what: rest.packet.what });
    if (optionsMissing && !rulesWithoutOptions.has(rest.prefix)) {
      rulesWithoutOptions.add(rest.prefix);
      const what = `a SYN without OPT: this rule lacks --log-tcp-options, so its payload lengths count TCP options too`;
      problems.push({ source, line, what });
    }
  }
  return { records, problems };
}

/** The kernel writes each unprintable or non-ASCII byte, and the backslash, as `\x5c`; the text is UTF-8. */
const unescape = (text: string): string =>
  text.replaceAll(/(?:\\x[0-9a-f]{2})+/g, (run) => {
    const bytes = run.slice(2).split('\\x');
    return new TextDecoder().decode(Uint8Array.from(bytes, (digits) => parseInt(digits, 16)));
  });
