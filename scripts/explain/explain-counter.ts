/** Counters of a host's network stack that have changed since the moment ‘before’. */
import type { CounterEvent } from '../model/event.ts';
import { tcpCounters } from './counters-tcp.ts';
import { counters } from './counters.ts';
import { asWord, lookUp, type Entry, type Explanation } from './explanation.ts';

export function explainCounter({ name, change, moment }: CounterEvent): Explanation {
  const entry = counterEntry(name);
  const by = change < 0 ? `${-change} fewer` : `${change} more`;
  return {
    text: `has, at the moment ‘${moment}’, ${by} in ${name} than ‘before’${entry === undefined ? '' : `: ${entry[0]}`}`,
    source: entry?.[1] ?? 'proc(5)',
    words: entry === undefined ? [] : [asWord(name, entry)],
  };
}

/** @param name `Udp.RcvbufErrors`; `IpExt.…` and `TcpExt.…` of /proc/net/netstat */
export function counterEntry(name: string): Entry | undefined {
  const known = lookUp(counters, name) ?? lookUp(tcpCounters, name);
  if (known !== undefined) return known;
  const [, way, type] = /^IcmpMsg\.(In|Out)Type(\d+)$/.exec(name) ?? [];
  if (way !== undefined)
    return [`ICMP messages of type ${type} ${way === 'In' ? 'that came' : 'sent'}`, 'RFC 792'];
  return name.startsWith('MPTcpExt.') ? ['Multipath TCP', 'RFC 8684'] : undefined;
}
