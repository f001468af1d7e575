/** A packet in packetdrill's notation. */
import type { Event, PacketEvent } from '../../model/event.ts';
import type { IcmpPacket, TcpPacket } from '../../model/packet.ts';
import { u16 } from '../../parse/bytes.ts';
import { LinkType } from '../../parse/frame.ts';
import { readIpv4Header } from '../../parse/ipv4-header.ts';
import { readPcap, type Pcap } from '../../parse/pcap.ts';
import { readTcpHeader } from '../../parse/tcp.ts';
import type { Play } from './renderer.ts';
import { sayTcpOptions } from './tcp-options.ts';

/** Undefined for what the notation has no words for: ARP, fragments, and what this lab does not decode. */
export type Drill = (event: PacketEvent) => string | undefined;

/** @param host by whose interface a packet comes or goes */
export function drillFrom({ timeline, files }: Play, host: string): Drill {
  const source = `${host}.pcap`;
  const bytes = files.get(source);
  const pcap = bytes === undefined ? undefined : readPcap(bytes, source);
  const starts = startsOf(timeline.events);
  const byId = new Map(timeline.events.map((event) => [event.id, event]));
  return (event) => {
    const { packet } = event;
    const way = event.host === host ? '>' : '<';
    switch (packet.protocol) {
      case 'tcp': {
        const frame = event.sightings.find((seen) => seen.source === source)?.line ?? 0;
        const options = pcap && optionsOf(pcap, frame);
        return `${way} ${packet.sport} > ${packet.dport} ${segment(packet, starts.get(event.id), options, way)}`;
      }
      case 'udp':
        return packet.fragment === undefined
          ? `${way} udp ${packet.sport} > ${packet.dport} (${packet.payloadLength})`
          : undefined;
      case 'icmp':
        return `${way} icmp ${icmpType(packet)}${quoted(byId.get(event.cause?.event ?? ''))}`;
      case 'arp':
      case 'other':
        return undefined;
      default:
        return unreachable(packet);
    }
  };
}

/** Where the sequence numbers of each side begin: at its SYN's, or where the recording begins within a connection. */
interface Start {
  readonly mine: number;
  readonly theirs: number;
}

function startsOf(events: readonly Event[]): ReadonlyMap<string, Start> {
  const first = new Map<string, number>();
  const starts = new Map<string, Start>();
  for (const event of events) {
    if (event.kind !== 'packet' || event.packet.protocol !== 'tcp') continue;
    const { from, to, packet } = event;
    const way = `${from} ${to}`;
    if (packet.flags.includes('SYN') || !first.has(way)) first.set(way, packet.seq);
    starts.set(event.id, { mine: first.get(way) ?? 0, theirs: first.get(`${to} ${from}`) ?? 0 });
  }
  return starts;
}

function optionsOf(pcap: Pcap, line: number): Uint8Array | undefined {
  const frame = pcap.frames[line - 1]?.bytes;
  if (frame === undefined || pcap.linkType !== LinkType.ethernet || u16(frame, 12) !== 0x0800)
    return undefined;
  const ip = readIpv4Header(frame.subarray(14));
  const tcp = typeof ip === 'string' ? ip : readTcpHeader(ip.data);
  return typeof tcp === 'string' ? undefined : tcp.options;
}

/** `S. 0:0(0) ack 1 win 65160 <mss 1460,…>`; the window as it stands in the header, unscaled. */
function segment(
  packet: TcpPacket,
  { mine, theirs }: Start = { mine: 0, theirs: 0 },
  options: Uint8Array | undefined,
  way: string,
): string {
  const since = (seq: number, start: number) => (seq - start) >>> 0; // numbers wrap at 2^32
  const start = since(packet.seq, mine);
  const length = packet.payloadLength;
  const ack = packet.flags.split(' ').includes('ACK') ? ` ack ${since(packet.ack, theirs)}` : '';
  const said = options && sayTcpOptions(options, (seq) => since(seq, theirs));
  // `<...>`, options that nobody looks at, is for what goes out alone.
  const shown = said === undefined ? (way === '>' ? ' <...>' : '') : said === '' ? '' : ` <${said}>`;
  return `${flagLetters(packet.flags)} ${start}:${start + length}(${length})${ack} win ${packet.window}${shown}`;
}

const letters: readonly (readonly [name: string, letter: string])[] = [
  ['FIN', 'F'],
  ['SYN', 'S'],
  ['RST', 'R'],
  ['PSH', 'P'],
  ['URG', 'U'],
  ['ECE', 'E'],
  ['CWR', 'W'],
  ['ACK', '.'],
];

function flagLetters(flags: string): string {
  const set = flags.split(' ');
  return letters.flatMap(([name, letter]) => (set.includes(name) ? [letter] : [])).join('') || '-';
}

/** IANA icmp-parameters, as packetdrill names them; what has no name there is a number. */
const unreachables = new Map([
  [0, 'net_unreachable'],
  [1, 'host_unreachable'],
  [2, 'protocol_unreachable'],
  [3, 'port_unreachable'],
  [4, 'frag_needed'],
  [13, 'packet_filtered'],
]);

function icmpType({ type, code }: IcmpPacket): string {
  const name = type === 3 ? unreachables.get(code) : undefined;
  return name === undefined ? `type_${type} code_${code}` : `unreachable ${name}`;
}

/** The packet that an ICMP error is about. */
const quoted = (event: Event | undefined): string =>
  event?.kind === 'packet' && event.packet.protocol === 'udp' ? ` [udp (${event.packet.payloadLength})]` : '';

function unreachable(packet: never): never {
  throw new Error(`no notation for ${JSON.stringify(packet)}`);
}
