/** What the line of an event says, field by field. Most print `name=value`; some have a form of their own. */

import { plainName } from './kernel-functions.ts';

export interface Said {
  /** `inet_sock_set_state`; calls as `sys_enter_connect`, `sys_exit_connect`. */
  readonly name: string;
  readonly fields: Readonly<Record<string, string>>;
}

export function readFields(text: string): Said | undefined {
  const enter = /^sys_(\w+)\((.*)\)$/.exec(text);
  if (enter !== null)
    return { name: `sys_enter_${enter[1] ?? ''}`, fields: pairs(enter[2] ?? '', /(\w+): (\S+?)(?=,|$)/g) };
  const exit = /^sys_(\w+) -> 0x([0-9a-f]+)$/.exec(text);
  if (exit !== null) {
    // A C long: errors are small negative numbers.
    return {
      name: `sys_exit_${exit[1] ?? ''}`,
      fields: { ret: String(BigInt.asIntN(64, BigInt(`0x${exit[2] ?? '0'}`))) },
    };
  }
  const called = /^(\S+)(?: \[\w+\])? <-(\S+)(?: \[\w+\])?$/.exec(text); // [a module]
  if (called !== null)
    return {
      name: 'function',
      fields: { function: plainName(called[1] ?? ''), caller: plainName(called[2] ?? '') },
    };
  const found = /^(\w+): (.*)$/.exec(text);
  if (found === null) return undefined;
  const [, name = '', rest = ''] = found;
  return { name, fields: (ownForms[name] ?? plainPairs)(rest) };
}

const plainPairs = (rest: string) => pairs(rest, /([\w ]*\w) ?[=:] ?(\S+?)(?=,? |,?$)/g);

function pairs(text: string, form: RegExp): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [, name = '', value = ''] of text.matchAll(form))
    fields[name.trim().replaceAll(' ', '_')] = value;
  return fields;
}

const ownForms: Readonly<Record<string, (rest: string) => Record<string, string>>> = {
  // table 254 oif 0 iif 1 proto 17 10.0.0.1/33738 -> 10.0.0.2/9000 tos 0 scope 0 flags 0 ==> dev e0c gw 0.0.0.0/:: err 0
  fib_table_lookup(rest) {
    const ends = /(\S+)\/(\d+) -> (\S+)\/(\d+)/.exec(rest);
    return {
      ...pairs(rest, /\b(table|oif|iif|proto|tos|scope|flags|dev|gw|err) (\S+)/g),
      ...(ends && { saddr: ends[1] ?? '', sport: ends[2] ?? '', daddr: ends[3] ?? '', dport: ends[4] ?? '' }),
    };
  },
  // icmp_send: icmp_send: type=3, code=3. From 10.0.0.1:40000 to 10.0.0.2:9000 ulen=16 skbaddr=…
  icmp_send(rest) {
    const ends = /From (\S+):(\d+) to (\S+):(\d+)/.exec(rest);
    return {
      ...pairs(rest, /\b(type|code|ulen|skbaddr)=(\w+)/g),
      ...(ends && { saddr: ends[1] ?? '', sport: ends[2] ?? '', daddr: ends[3] ?? '', dport: ends[4] ?? '' }),
    };
  },
  // skbaddr=… rx_sk=… protocol=2048 location=tcp_v4_rcv+0x52/0xa0 reason: NETFILTER_DROP
  kfree_skb: (rest) => pairs(rest, /\b(\w+)(?:=|: )(\S+)/g),
  sched_switch: (rest) => pairs(rest, /\b(\w+)=(\S+)/g),
};
