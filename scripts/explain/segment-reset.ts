/** Why a TCP connection is reset. */
import type { PacketEvent } from '../model/event.ts';
import { isLaterReset } from './packet-cause.ts';
import { place } from './packet-words.ts';
import { hasFlag, type Position, type SegmentEvent } from './segment-position.ts';
import type { Story } from './story.ts';

export function resetMeans(event: SegmentEvent, position: Position, story: Story) {
  const { text, source } = whyReset(event, position, story);
  const reason = story.onSocket('tcp_send_reset', event)?.fields['reason'];
  return { text: reason === undefined ? text : `${text} (${reason}, measured)`, source };
}

function whyReset(event: SegmentEvent, { answered, closed }: Position, story: Story) {
  const { from, to } = event;
  const section = 'RFC 9293 section 3.5.2';
  if (answered !== undefined && hasFlag(answered, 'SYN') && !hasFlag(answered, 'ACK')) {
    return {
      text: `refuses the connection (RST): nobody listens at ${place(from)}; connect(2) of ${place(to)} fails with ECONNREFUSED`,
      source: section,
    };
  }
  const resets = `resets the connection with ${place(to)} (RST)`;
  const call = callOf(event, story);
  if (call !== undefined)
    return {
      text: `${resets}: ${call} throws away data that came and was not read, or what was still to be sent`,
      source: 'RFC 2525 section 2.17',
    };
  if (closed)
    return {
      text: `${resets}: its program has closed, and something has come that nobody will read`,
      source: 'RFC 1122 section 4.2.2.13',
    };
  return { text: `${resets}: the segment that came belongs to no connection it knows`, source: section };
}

function callOf(event: PacketEvent, story: Story): string | undefined {
  const found = story.find(event.cause?.event);
  return found?.kind === 'call' && !isLaterReset(event, story) ? found.name : undefined;
}
