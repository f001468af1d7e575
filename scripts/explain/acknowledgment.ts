/** A TCP segment without data: what it acknowledges, or why it repeats what is known. */
import type { PacketEvent } from '../model/event.ts';
import { duration, place } from './packet-words.ts';
import { plural } from './reading.ts';
import type { Acknowledged, Position, SegmentEvent } from './segment-position.ts';
import type { Story } from './story.ts';

/** Linux waits at least 40 ms for data that the acknowledgment can travel with (TCP_DELACK_MIN). */
const delayedNs = 20e6;

export function acknowledgment(event: SegmentEvent, position: Position, story: Story) {
  const { to, packet } = event;
  const { acknowledges: news, previous, answered, probes } = position;
  const full = packet.window === 0 ? '; its receive buffer is full (window 0)' : '';
  const say = (text: string, source = 'RFC 9293 section 3.4') => ({ text: text + full, source });
  if (probes) return probe(event, answered);
  if (news === undefined) return say(`acknowledges to ${place(to)} all before sequence number ${packet.ack}`);
  if (news.syn && news.bytes === 0 && !news.fin)
    return say(
      `acknowledges the SYN ACK of ${place(to)}: with this third segment the connection stands`,
      'RFC 9293 section 3.5',
    );
  if (news.bytes > 0 || news.fin) {
    const asked = lastWithNews(story.before(event), event);
    const waited = asked === undefined ? 0 : event.atNs - asked.atNs;
    return waited < delayedNs
      ? say(`acknowledges ${received(news)} from ${place(to)}`)
      : say(
          `acknowledges ${received(news)} from ${place(to)}, ${duration(waited)} after: it waited for data that could carry the acknowledgment`,
          'RFC 1122 section 4.2.3.2',
        );
  }
  if (previous?.packet.window === 0 && packet.window > 0)
    return say(`tells ${place(to)} that its receive buffer has room again`, 'RFC 9293 section 3.8.6');
  if (answered?.repeats !== undefined)
    return say(`tells ${place(to)} that it has that segment already`, 'RFC 9293 section 3.10.7.4');
  if (previous !== undefined && packet.window !== previous.packet.window)
    return say(`tells ${place(to)} how much room its receive buffer has now`, 'RFC 9293 section 3.8.6');
  return say(`acknowledges once more what it has from ${place(to)}, and nothing new`);
}

const received = ({ bytes, fin }: Acknowledged): string =>
  [bytes > 0 ? plural(bytes, 'byte') : '', fin ? 'the FIN' : ''].filter((part) => part !== '').join(' and ');

/** Nothing new is sent: a closed window, or a silent connection, is asked about. */
function probe({ to }: SegmentEvent, answered: SegmentEvent | undefined) {
  return answered?.packet.window === 0
    ? {
        text: `asks ${place(to)}, whose window is closed, if it has room again (window probe)`,
        source: 'RFC 9293 section 3.8.6.1',
      }
    : {
        text: `asks ${place(to)} if the connection still stands (keep-alive)`,
        source: 'RFC 9293 section 3.8.4',
      };
}

/** The other side's last segment with data or a FIN. */
const lastWithNews = (before: readonly PacketEvent[], { from }: SegmentEvent): PacketEvent | undefined =>
  before.findLast(
    ({ packet, to }) =>
      packet.protocol === 'tcp' && to === from && (packet.payloadLength > 0 || packet.flags.includes('FIN')),
  );
