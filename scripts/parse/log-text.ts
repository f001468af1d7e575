import type { Packet } from '../model/packet.ts';
import type { Quoted } from './icmp.ts';
import { laterFragment } from './ip.ts';
import { readPrefix, type RulePrefix } from './prefix.ts';
import { unreadable } from './unreadable.ts';

export interface LogText extends RulePrefix {
  in: string;
  out: string;
  packet: Packet;
  /** Linux's SYNs always have an MSS option: a line that shows none comes from a rule without --log-tcp-options. */
  optionsMissing: boolean;
}

/**
 * The text of one LOG line, as net/netfilter/nf_log_syslog.c prints it; undefined if no rule of this lab made it.
 *
 *     [TCP] k3f9a client OUTPUT IN= OUT=ek3f9ac SRC=10.0.0.1 DST=10.0.0.2 LEN=60 TOS=0x00 PREC=0x00 TTL=64 ID=1 DF
 *     PROTO=TCP SPT=40000 DPT=9000 SEQ=1 ACK=0 WINDOW=64240 RES=0x00 SYN URGP=0 OPT (020405B4)
 *
 * The rules need `--log-tcp-sequence` (SEQ, ACK) and `--log-tcp-options` (OPT): the length of a segment's payload is
 * LEN less both headers, and OPT is the only trace of how long the TCP header is.
 */
export function readLogText(text: string): LogText | undefined {
  const [, prefix = '', inDevice = '', outDevice = '', body] =
    /^(\[.*?)IN=(\S*) OUT=(\S*) (.*)$/.exec(text) ?? [];
  const rule = readPrefix(prefix);
  if (rule === undefined || body === undefined) return undefined;
  const dump = readDump(body);
  const packet = decode(dump);
  const optionsMissing =
    packet.protocol === 'tcp' && packet.flags.includes('SYN') && optionBytes(dump.above) === 0;
  return { ...rule, in: inDevice, out: outDevice, packet, optionsMissing };
}

/** The line cut into what IP says, what the protocol above says, and the header quoted in an ICMP error. */
interface Dump {
  ip: string;
  protocol: string;
  above: string;
  quoted?: Dump;
}

function readDump(body: string): Dump {
  const [whole = '', inside] = /\[(SRC=[^\]]*)\]/.exec(body) ?? [];
  const outer = whole === '' ? body : body.replace(whole, '');
  const [, ip = outer, protocol = '', above = ''] = /^(.*?)PROTO=(\S+)(.*)$/.exec(outer) ?? [];
  return { ip, protocol, above, ...(inside !== undefined && { quoted: readDump(inside) }) };
}

function decode(dump: Dump): Packet {
  const { ip, protocol, above } = dump;
  const addresses = { src: value(ip, 'SRC') ?? '', dst: value(ip, 'DST') ?? '' };
  const [length, ttl, id] = ['LEN', 'TTL', 'ID'].map((key) => number(ip, key));
  if (length === undefined || ttl === undefined || id === undefined || protocol === '') {
    return unreadable('LOG line breaks off in the IP header', addresses);
  }
  const more = hasWord(ip, 'MF');
  const units = /(?:^| )FRAG:(\d+)/.exec(ip)?.[1];
  if (units !== undefined) {
    // The kernel prints the field as it is, in units of 8 bytes.
    return laterFragment({
      ...addresses,
      id,
      protocol: protocolNumbers[protocol] ?? Number(protocol),
      fragmentOffset: Number(units) * 8,
      moreFragments: more,
    });
  }
  const common = { ...addresses, id, ttl, length, ...(more && { fragment: { offset: 0, more } }) };
  switch (protocol) {
    case 'TCP':
      return decodeTcp(common, above, length - 20 - optionBytes(ip));
    case 'UDP':
      return decodeUdp(common, above);
    case 'ICMP':
      return decodeIcmp(common, above, dump.quoted);
    default:
      return { protocol: 'other', ...addresses, what: `IP protocol ${protocol}` };
  }
}

interface Common {
  src: string;
  dst: string;
  id: number;
  ttl: number;
  length: number;
}

function decodeTcp(common: Common, above: string, segmentLength: number): Packet {
  const [sport, dport, seq, ack, window] = ['SPT', 'DPT', 'SEQ', 'ACK', 'WINDOW'].map((key) =>
    number(above, key),
  );
  const flags = /RES=\S+ (.*?) ?URGP=\d/.exec(above)?.[1];
  if (sport === undefined || dport === undefined || window === undefined || flags === undefined) {
    return unreadable('LOG line breaks off in the TCP header', common);
  }
  if (seq === undefined || ack === undefined) {
    return unreadable('LOG line without SEQ and ACK: its rule lacks --log-tcp-sequence', common);
  }
  const payloadLength = segmentLength - 20 - optionBytes(above);
  if (payloadLength < 0) return unreadable(`LEN=${common.length} has no room for the headers`, common);
  return { protocol: 'tcp', ...common, sport, dport, seq, ack, window, flags, payloadLength };
}

function decodeUdp(common: Common, above: string): Packet {
  const [sport, dport, length] = ['SPT', 'DPT', 'LEN'].map((key) => number(above, key));
  if (sport === undefined || dport === undefined || length === undefined) {
    return unreadable('LOG line breaks off in the UDP header', common);
  }
  if (length < 8) return unreadable(`UDP length ${length}, at least 8 are due`, common);
  return { protocol: 'udp', ...common, sport, dport, payloadLength: length - 8 };
}

function decodeIcmp(common: Common, above: string, quoted: Dump | undefined): Packet {
  const [type, code] = ['TYPE', 'CODE'].map((key) => number(above, key));
  if (type === undefined || code === undefined)
    return unreadable('LOG line breaks off in the ICMP header', common);
  const inner = quoted && decodeQuoted(quoted);
  return { protocol: 'icmp', ...common, type, code, ...(inner && { inner }) };
}

function decodeQuoted({ ip, protocol, above }: Dump): Quoted | undefined {
  const [src, dst] = [value(ip, 'SRC'), value(ip, 'DST')];
  const [sport, dport] = [number(above, 'SPT'), number(above, 'DPT')];
  if (src === undefined || dst === undefined || sport === undefined || dport === undefined) return undefined;
  return { protocol: protocol.toLowerCase(), src, dst, sport, dport };
}

const protocolNumbers: Record<string, number> = { ICMP: 1, TCP: 6, UDP: 17 };

const value = (text: string, key: string): string | undefined =>
  new RegExp(`(?:^| )${key}=(\\S+)`).exec(text)?.[1];

function number(text: string, key: string): number | undefined {
  const digits = value(text, key);
  return digits !== undefined && /^\d+$/.test(digits) ? Number(digits) : undefined;
}

const hasWord = (text: string, word: string): boolean => text.split(' ').includes(word);

/** `OPT (020405B4)`: two digits per byte. */
const optionBytes = (text: string): number => (/(?:^| )OPT \(([0-9A-F]*)\)/.exec(text)?.[1]?.length ?? 0) / 2;
