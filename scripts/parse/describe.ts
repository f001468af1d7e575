import type { Packet } from '../model/packet.ts';

/**
 * A packet in one short line, after tcpdump's manner in this lab's words:
 *
 *     10.0.0.1:40000 → 10.0.0.2:9000 TCP SYN seq 123 len 0
 *     10.0.0.1:40000 → 10.0.0.2:9001 UDP len 9
 *     ICMP 3/3 port unreachable (udp 10.0.0.1:40000 → 10.0.0.2:9000)
 *     ARP who has 10.0.0.2? tell 10.0.0.1
 */
export function describe(packet: Packet): string {
  switch (packet.protocol) {
    case 'tcp':
      return `${ends(packet)} TCP ${tcpWords(packet)} len ${packet.payloadLength}${fragmentWords(packet)}`;
    case 'udp':
      return `${ends(packet)} UDP len ${packet.payloadLength}${fragmentWords(packet)}`;
    case 'icmp':
      return icmpWords(packet);
    case 'arp':
      return packet.operation === 'request'
        ? `ARP who has ${packet.dst}? tell ${packet.src}`
        : `ARP ${packet.src} is here, to ${packet.dst}`;
    case 'other':
      return packet.src === undefined ? packet.what : `${packet.src} → ${packet.dst ?? '?'} ${packet.what}`;
    default:
      return unreachable(packet);
  }
}

type Of<P extends Packet['protocol']> = Extract<Packet, { protocol: P }>;

const ends = (packet: { src: string; sport: number; dst: string; dport: number }): string =>
  `${packet.src}:${packet.sport} → ${packet.dst}:${packet.dport}`;

/** The acknowledgment number means something only where ACK is set (RFC 9293 section 3.1). */
function tcpWords({ flags, seq, ack }: Of<'tcp'>): string {
  const acknowledges = flags.split(' ').includes('ACK') ? ` ack ${ack}` : '';
  return `${flags === '' ? 'no flags' : flags} seq ${seq}${acknowledges}`;
}

const fragmentWords = ({ fragment, id }: Of<'tcp'> | Of<'udp'>): string =>
  fragment === undefined ? '' : `, first fragment of id ${id}`;

/** IANA icmp-parameters. */
const icmpNames: Record<string, string> = {
  '0/0': 'echo reply',
  '3/0': 'network unreachable',
  '3/1': 'host unreachable',
  '3/2': 'protocol unreachable',
  '3/3': 'port unreachable',
  '3/4': 'fragmentation needed',
  '3/13': 'administratively prohibited',
  '5/0': 'redirect for the network',
  '5/1': 'redirect for the host',
  '8/0': 'echo request',
  '11/0': 'time to live exceeded',
  '11/1': 'reassembly time exceeded',
};

function icmpWords({ src, dst, type, code, inner }: Of<'icmp'>): string {
  const numbers = `${type}/${code}`;
  const name = icmpNames[numbers];
  const about = inner ? ` (${inner.protocol} ${ends(inner)})` : ` ${src} → ${dst}`;
  return `ICMP ${numbers}${name === undefined ? '' : ` ${name}`}${about}`;
}

/** Fails to compile when the model gains a protocol that has no words here. */
function unreachable(packet: never): never {
  throw new Error(`no words for ${JSON.stringify(packet)}`);
}
