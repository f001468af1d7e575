/** One TCP segment in plain words. */
import { plural } from './reading.ts';
import { acknowledgment } from './acknowledgment.ts';
import type { Explanation } from './explanation.ts';
import { place, quoted } from './packet-words.ts';
import { resetMeans } from './segment-reset.ts';
import { repetition } from './segment-repeat.ts';
import { hasFlag, positionOf, type Position, type SegmentEvent } from './segment-position.ts';
import type { Story } from './story.ts';
import { flagWords } from './tcp-flags.ts';

export function explainSegment(event: SegmentEvent, story: Story): Explanation {
  const position = positionOf(event, story.before(event));
  const { text, source } = hasFlag(event, 'RST')
    ? resetMeans(event, position, story)
    : hasFlag(event, 'SYN')
      ? opening(event)
      : event.packet.payloadLength > 0 && !position.probes
        ? data(event, position)
        : hasFlag(event, 'FIN')
          ? { text: closing(event, position), source: 'RFC 9293 section 3.6' }
          : acknowledgment(event, position, story);
  const again = repetition(event, story);
  return {
    text: `${text}${again?.text ?? ''}`,
    source: again?.source ?? source,
    words: flagWords(event.packet.flags),
  };
}

function opening(event: SegmentEvent) {
  const { to, packet } = event;
  const numbers = `initial sequence number ${packet.seq}, window ${plural(packet.window, 'byte')}`;
  const text = hasFlag(event, 'ACK')
    ? `agrees to the connection that ${place(to)} asks for (SYN ACK): ${numbers}`
    : `asks ${place(to)} for a connection from its port ${packet.sport} (SYN): ${numbers}`;
  return { text, source: 'RFC 9293 section 3.5' };
}

function data(event: SegmentEvent, { at, acknowledges }: Position) {
  const { to, packet } = event;
  const count = packet.payloadLength;
  const which =
    at === undefined
      ? plural(count, 'byte')
      : `${count === 1 ? `byte ${at}` : `bytes ${at} to ${at + count - 1}`} of its stream`;
  const news = acknowledges?.bytes ?? 0;
  const also = news > 0 ? `; acknowledges ${plural(news, 'byte')} with it` : '';
  const end = hasFlag(event, 'FIN') ? '; that is all it has to send (FIN)' : '';
  return {
    text: `sends ${which} to ${place(to)}${quoted(packet)}${also}${end}${offloaded(packet)}`,
    source: 'RFC 9293 section 3.10.2',
  };
}

/** The kernel hands big pieces to the interface, which cuts them (tcp_gso): the capture sees them whole. */
const offloaded = ({ length }: { length: number }): string =>
  length > 1500 ? '; captured before it is cut into packets that fit the link' : '';

function closing({ to }: SegmentEvent, { at, acknowledges }: Position): string {
  const after =
    at === undefined ? '' : at === 1 ? ', having sent nothing' : `, after ${plural(at - 1, 'byte')} in all`;
  const also = acknowledges?.fin === true ? '; acknowledges the other side’s FIN with it' : '';
  return `tells ${place(to)} that it has no more to send (FIN)${after}${also}`;
}
