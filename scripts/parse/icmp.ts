import { u16, u8 } from './bytes.ts';
import { readIpv4Header } from './ipv4-header.ts';

/** Protocols that begin with two ports. */
const withPorts = new Map([
  [6, 'tcp'],
  [17, 'udp'],
]);

/** The header an ICMP error quotes; only where it names ports, that is the first fragment of TCP or UDP. */
export interface Quoted {
  protocol: string;
  src: string;
  dst: string;
  sport: number;
  dport: number;
}

export interface IcmpHeader {
  type: number;
  code: number;
  /** The second word: identifier and sequence number of an echo, next-hop MTU of 3/4, gateway of a redirect. */
  rest: Uint8Array;
  /** What follows the 8 bytes: an echo's data, or the packet that an error is about (its header and at least 8 bytes). */
  data: Uint8Array;
}

/**
 * The ICMP header, RFC 792; or, as text, why there is none.
 *
 *      0                   1                   2                   3
 *      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *     +---------------+---------------+-------------------------------+
 *   0 |     Type      |      Code     |            Checksum           |
 *     +---------------+---------------+-------------------------------+
 *   4 |              depends on the type; unused in 3/3               |
 *     +---------------------------------------------------------------+
 *   8 | errors: the IP header that caused it, and what came behind it |
 *     +---------------------------------------------------------------+
 */
export function readIcmpHeader(bytes: Uint8Array): IcmpHeader | string {
  if (bytes.length < 8) return `ICMP header of ${bytes.length} bytes, needs 8`;
  return { type: u8(bytes, 0), code: u8(bytes, 1), rest: bytes.subarray(4, 8), data: bytes.subarray(8) };
}

/** Destination unreachable, source quench, redirect, time exceeded, parameter problem (RFC 792). */
export const quotesAPacket = (type: number): boolean => [3, 4, 5, 11, 12].includes(type);

export function readQuoted(icmp: IcmpHeader): Quoted | undefined {
  if (!quotesAPacket(icmp.type)) return undefined;
  const ip = readIpv4Header(icmp.data);
  if (typeof ip === 'string' || ip.fragmentOffset > 0 || ip.data.length < 4) return undefined;
  const protocol = withPorts.get(ip.protocol);
  if (protocol === undefined) return undefined;
  return { protocol, src: ip.src, dst: ip.dst, sport: u16(ip.data, 0), dport: u16(ip.data, 2) };
}
