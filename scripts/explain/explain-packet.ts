/** One packet in plain words, in the context of those before it. Its subject is the host that sends it. */
import type { PacketEvent } from '../model/event.ts';
import type { Packet, UdpPacket } from '../model/packet.ts';
import { explainSegment } from './explain-segment.ts';
import type { Explanation, Word } from './explanation.ts';
import { explainIcmp } from './icmp.ts';
import { causeOf } from './packet-cause.ts';
import { fateOf } from './packet-fate.ts';
import { place, quoted } from './packet-words.ts';
import { plural } from './reading.ts';
import type { Story } from './story.ts';

export function explainPacket(event: PacketEvent, story: Story): Explanation {
  const { text, source, words } = contentOf(event, story);
  const fragment = fragmentOf(event.packet);
  return {
    text:
      text +
      (fragment === undefined ? '' : `; ${fragment.means}`) +
      fateOf(event, story) +
      causeOf(event, story),
    source,
    words: fragment === undefined ? words : [...words, fragment],
  };
}

function contentOf(event: PacketEvent, story: Story): Explanation {
  const { packet, to } = event;
  switch (packet.protocol) {
    case 'tcp':
      return explainSegment({ ...event, packet }, story);
    case 'udp':
      return explainDatagram(packet, to);
    case 'icmp':
      return explainIcmp(packet, story);
    case 'arp':
      return explainArp(packet);
    case 'other':
      return {
        text: `sends ${packet.what}, which this lab does not decode`,
        source: 'pcap(3PCAP)',
        words: [],
      };
    default:
      return unreachable(packet);
  }
}

function explainDatagram(packet: UdpPacket, to: string): Explanation {
  const size =
    packet.payloadLength === 0
      ? 'an empty datagram'
      : `a datagram of ${plural(packet.payloadLength, 'byte')}`;
  const sends = `sends ${size} from its port ${packet.sport} to ${place(to)}${quoted(packet)}`;
  if (packet.dport === 53)
    return {
      text: `${sends}; port 53 is a name server’s (DNS)`,
      source: 'RFC 1035 section 4.2.1',
      words: [],
    };
  if (packet.sport === 53)
    return { text: `${sends}; a name server’s answer (DNS)`, source: 'RFC 1035 section 4.2.1', words: [] };
  return { text: sends, source: 'RFC 768', words: [] };
}

function explainArp({ operation, src, dst }: Extract<Packet, { protocol: 'arp' }>): Explanation {
  const text =
    operation === 'request'
      ? `asks everybody on the link for the hardware address of ${dst} (ARP request), in the name of ${src}`
      : `tells ${dst} the hardware address of ${src} (ARP reply): now frames can be sent there`;
  return { text, source: 'RFC 826', words: [] };
}

/** A datagram longer than the link allows travels in pieces; any that is lost loses it whole. */
function fragmentOf(packet: Packet): Word | undefined {
  const fragment = 'fragment' in packet ? packet.fragment : undefined;
  if (fragment === undefined) return undefined;
  const { offset, more } = fragment;
  const which = more ? (offset === 0 ? 'the first' : 'a middle') : 'the last';
  return {
    word: more ? 'MF' : 'fragment offset',
    means: `${which} fragment of an IP packet, from byte ${offset} of it`,
    source: 'RFC 791 section 3.2',
  };
}

function unreachable(packet: never): never {
  throw new Error(`no explanation for ${JSON.stringify(packet)}`);
}
