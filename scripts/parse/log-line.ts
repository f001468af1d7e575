import { dotted, hex, u16 } from './bytes.ts';
import { quotesAPacket, readIcmpHeader, type IcmpHeader } from './icmp.ts';
import { readIpv4Header, type Ipv4Header } from './ipv4-header.ts';
import type { NflogFrame } from './nflog.ts';
import { readTcpHeader } from './tcp.ts';
import { readUdpHeader } from './udp.ts';

/**
 * The line that the kernel's LOG target would have written of this packet, made from an NFLOG frame: for machines
 * whose kernel log cannot be read. In the form of net/netfilter/nf_log_syslog.c, with `--log-tcp-sequence` and
 * `--log-tcp-options`, last blank included. NFLOG knows interfaces by index: `names` gives their names, without one
 * the line says `if23`.
 */
export function logLine(frame: NflogFrame, names: ReadonlyMap<number, string> = new Map()): string {
  const device = (index: number | undefined) =>
    index === undefined ? '' : (names.get(index) ?? `if${index}`);
  const mac = frame.indev === undefined ? '' : `MAC=${hex(frame.hardwareHeader ?? new Uint8Array(), ':')} `;
  const ip = readIpv4Header(frame.payload);
  const dump = typeof ip === 'string' ? 'TRUNCATED' : dumpIp(ip, true);
  return `${frame.prefix}IN=${device(frame.indev)} OUT=${device(frame.outdev)} ${mac}${dump}`;
}

/** dump_ipv4_packet(); `outermost` is false for the packet that an ICMP error quotes. */
function dumpIp(ip: Ipv4Header, outermost: boolean): string {
  const head =
    `SRC=${ip.src} DST=${ip.dst} LEN=${ip.totalLength} TOS=0x${upper(ip.tos & 0x1e)} PREC=0x${upper(ip.tos & 0xe0)} ` +
    `TTL=${ip.ttl} ID=${ip.id} ${ip.reservedBit ? 'CE ' : ''}${ip.dontFragment ? 'DF ' : ''}` +
    `${ip.moreFragments ? 'MF ' : ''}${ip.fragmentOffset > 0 ? `FRAG:${ip.fragmentOffset / 8} ` : ''}`;
  switch (ip.protocol) {
    case 1:
      return `${head}PROTO=ICMP ${ip.fragmentOffset > 0 ? '' : dumpIcmp(ip.data, outermost)}`;
    case 6:
      return `${head}PROTO=TCP ${ip.fragmentOffset > 0 ? '' : dumpTcp(ip.data)}`;
    case 17:
      return `${head}PROTO=UDP ${ip.fragmentOffset > 0 ? '' : dumpUdp(ip.data)}`;
    default:
      return `${head}PROTO=${ip.protocol} `;
  }
}

/** nf_log_dump_tcp_header() */
function dumpTcp(bytes: Uint8Array): string {
  const tcp = readTcpHeader(bytes);
  if (typeof tcp === 'string') return incomplete(bytes);
  const options = tcp.options.length > 0 ? `OPT (${hex(tcp.options).toUpperCase()}) ` : '';
  return (
    `SPT=${tcp.sport} DPT=${tcp.dport} SEQ=${tcp.seq} ACK=${tcp.ack} WINDOW=${tcp.window} ` +
    `RES=0x${upper(tcp.reserved << 2)} ${tcp.flags}${tcp.flags === '' ? '' : ' '}URGP=${tcp.urgentPointer} ${options}`
  );
}

/** nf_log_dump_udp_header() */
function dumpUdp(bytes: Uint8Array): string {
  const udp = readUdpHeader(bytes);
  if (typeof udp === 'string') return incomplete(bytes);
  return `SPT=${udp.sport} DPT=${udp.dport} LEN=${udp.length} `;
}

function dumpIcmp(bytes: Uint8Array, outermost: boolean): string {
  const icmp = readIcmpHeader(bytes);
  if (typeof icmp === 'string') return incomplete(bytes);
  return `TYPE=${icmp.type} CODE=${icmp.code} ${dumpIcmpRest(icmp, outermost)}`;
}

function dumpIcmpRest(icmp: IcmpHeader, outermost: boolean): string {
  const { type, code, rest } = icmp;
  if (type === 0 || type === 8) return `ID=${u16(rest, 0)} SEQ=${u16(rest, 2)} `;
  if (type === 12) return `PARAMETER=${rest[0] ?? 0} `;
  if (!quotesAPacket(type)) return '';
  const gateway = type === 5 ? `GATEWAY=${dotted(rest, 0)} ` : '';
  const quoted = readIpv4Header(icmp.data);
  const inner = outermost ? `[${typeof quoted === 'string' ? 'TRUNCATED' : dumpIp(quoted, false)}] ` : '';
  const mtu = type === 3 && code === 4 ? `MTU=${u16(rest, 2)} ` : '';
  return gateway + inner + mtu;
}

const incomplete = (bytes: Uint8Array): string => `INCOMPLETE [${bytes.length} bytes] `;
const upper = (byte: number): string => byte.toString(16).toUpperCase().padStart(2, '0');
