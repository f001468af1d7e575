/** One TCP segment in plain words. */
import type { PacketEvent } from '../model/event.ts';
import type { TcpPacket } from '../model/packet.ts';
import type { Explanation } from './explanation.ts';
import { bytes, duration, place } from './packet-words.ts';
import type { Story } from './story.ts';

export type SegmentEvent = PacketEvent & { readonly packet: TcpPacket };

export function explainSegment(event: SegmentEvent, story: Story): Explanation {
  const { packet, to } = event;
  const has = (flag: string) => packet.flags.split(' ').includes(flag);
  const first = story.find(event.repeats);
  const again =
    first === undefined ? '' : `, again, ${duration(event.atNs - first.atNs)} after the first time`;
  const say = (text: string, source: string): Explanation => ({ text: text + again, source, words: [] });
  if (has('RST')) return say(`breaks off: RST to ${place(to)}`, 'RFC 9293 section 3.5.2');
  if (has('SYN') && has('ACK'))
    return say(
      `agrees to a connection with ${place(to)}: its own first sequence number is ${packet.seq}, it expects ${packet.ack} next`,
      'RFC 9293 section 3.5',
    );
  if (has('SYN'))
    return say(
      `asks ${place(to)} for a connection from port ${packet.sport}: first sequence number ${packet.seq}, window ${packet.window}`,
      'RFC 9293 section 3.5',
    );
  if (packet.payloadLength > 0)
    return say(
      `sends ${bytes(packet)} to ${place(to)}${has('FIN') ? ', and it has no more (FIN)' : ''}`,
      'RFC 9293 section 3.7',
    );
  if (has('FIN')) return say(`tells ${place(to)} that it has no more to send (FIN)`, 'RFC 9293 section 3.6');
  return say(
    `acknowledges to ${place(to)} all before sequence number ${packet.ack}; window ${packet.window}`,
    'RFC 9293 section 3.4',
  );
}
