/** One packet in plain words, in the context of those before it. Its subject is the host that sends it. */
import type { PacketEvent } from '../model/event.ts';
import type { Packet } from '../model/packet.ts';
import { explainSegment } from './explain-segment.ts';
import type { Explanation } from './explanation.ts';
import { icmpMeans } from './icmp.ts';
import { causeOf } from './packet-cause.ts';
import { bytes, place } from './packet-words.ts';
import type { Story } from './story.ts';

export function explainPacket(event: PacketEvent, story: Story): Explanation {
  const { text, source, words } = contentOf(event, story);
  return { text: text + causeOf(event, story), source, words };
}

function contentOf(event: PacketEvent, story: Story): Explanation {
  const { packet, to } = event;
  switch (packet.protocol) {
    case 'tcp':
      return explainSegment({ ...event, packet }, story);
    case 'udp': {
      const size = packet.payloadLength === 0 ? 'an empty datagram' : `a datagram of ${bytes(packet)}`;
      return {
        text: `sends ${size} to ${place(to)} from port ${packet.sport}`,
        source: 'RFC 768',
        words: [],
      };
    }
    case 'icmp':
      return icmpMeans(packet);
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

function explainArp({ operation, src, dst }: Extract<Packet, { protocol: 'arp' }>): Explanation {
  const text =
    operation === 'request'
      ? `asks all hosts on the link which of them has ${dst}, to learn its hardware address; ${src} asks`
      : `tells ${dst} the hardware address of ${src}, so that its frames can be sent there`;
  return { text, source: 'RFC 826', words: [] };
}

function unreachable(packet: never): never {
  throw new Error(`no explanation for ${JSON.stringify(packet)}`);
}
