import type { Packet } from '../model/packet.ts';
import { latin1, u8 } from './bytes.ts';
import { readIcmpHeader, readQuoted } from './icmp.ts';
import { readIpv4Header, type Ipv4Header } from './ipv4-header.ts';
import { readTcpHeader } from './tcp.ts';
import { readUdpHeader } from './udp.ts';
import { unreadable } from './unreadable.ts';

/**
 * A packet that begins with its IP header. Never throws: broken headers become `other`, see {@link unreadable}.
 *
 * Fragments: the first one carries the transport header and is a TCP or UDP packet with `fragment` set. Later ones
 * carry no ports at all, so they are `other` with {@link laterFragment}'s words: to call one UDP would need
 * invented ports.
 */
export function decodeIp(bytes: Uint8Array): Packet {
  if (bytes.length > 0 && u8(bytes, 0) >> 4 === 6) return { protocol: 'other', what: 'IPv6' };
  const ip = readIpv4Header(bytes);
  if (typeof ip === 'string') return unreadable(ip);
  if (ip.fragmentOffset > 0) return laterFragment(ip);
  switch (ip.protocol) {
    case 1:
      return decodeIcmp(ip);
    case 6:
      return decodeTcp(ip);
    case 17:
      return decodeUdp(ip);
    default:
      return { protocol: 'other', src: ip.src, dst: ip.dst, what: `IP protocol ${ip.protocol}` };
  }
}

function decodeTcp(ip: Ipv4Header): Packet {
  const tcp = readTcpHeader(ip.data);
  if (typeof tcp === 'string') return unreadable(tcp, ip);
  const { sport, dport, seq, ack, window, flags } = tcp;
  const payloadLength = ip.totalLength - ip.headerLength - tcp.headerLength;
  return {
    protocol: 'tcp',
    ...common(ip),
    sport,
    dport,
    seq,
    ack,
    window,
    flags,
    payloadLength,
    ...payloadText(tcp.data, payloadLength),
  };
}

/** `payloadLength` is the datagram's own figure, also in its first fragment, which holds only the beginning. */
function decodeUdp(ip: Ipv4Header): Packet {
  const udp = readUdpHeader(ip.data);
  if (typeof udp === 'string') return unreadable(udp, ip);
  const { sport, dport } = udp;
  const room = ip.totalLength - ip.headerLength;
  if (udp.length > room && !ip.moreFragments) {
    return unreadable(`UDP length ${udp.length} in an IP packet that has room for ${room}`, ip);
  }
  const payloadLength = udp.length - 8;
  return {
    protocol: 'udp',
    ...common(ip),
    sport,
    dport,
    payloadLength,
    ...payloadText(udp.data, payloadLength),
  };
}

function decodeIcmp(ip: Ipv4Header): Packet {
  const icmp = readIcmpHeader(ip.data);
  if (typeof icmp === 'string') return unreadable(icmp, ip);
  const inner = readQuoted(icmp);
  return { protocol: 'icmp', ...common(ip), type: icmp.type, code: icmp.code, ...(inner && { inner }) };
}

/** A fragment without ports, in the same words from every recorder: `fragment of udp, id 4660, offset 1480, the last`. */
export function laterFragment(
  ip: Pick<Ipv4Header, 'src' | 'dst' | 'id' | 'protocol' | 'fragmentOffset' | 'moreFragments'>,
): Packet {
  const protocol = { 1: 'icmp', 6: 'tcp', 17: 'udp' }[ip.protocol] ?? `IP protocol ${ip.protocol}`;
  const last = ip.moreFragments ? '' : ', the last';
  const what = `fragment of ${protocol}, id ${ip.id}, offset ${ip.fragmentOffset}${last}`;
  return { protocol: 'other', src: ip.src, dst: ip.dst, what };
}

const common = (ip: Ipv4Header) => ({
  src: ip.src,
  dst: ip.dst,
  id: ip.id,
  ttl: ip.ttl,
  length: ip.totalLength,
  ...(ip.moreFragments && { fragment: { offset: ip.fragmentOffset, more: ip.moreFragments } }),
});

/** Half a payload would compare unequal with the whole one: it is given only where the recording holds all of it. */
const payloadText = (data: Uint8Array, length: number): { payload?: string } =>
  data.length === length ? { payload: latin1(data) } : {};
