/** Why a TCP segment is sent again, as a clause behind what it is. */
import { duration } from './packet-words.ts';
import { hasFlag, type SegmentEvent } from './segment-position.ts';
import type { Story } from './story.ts';

/** The retransmission timer runs at least so long on Linux (TCP_RTO_MIN; RFC 6298 asks for a second); its clock ticks in 4 ms. */
const shortestTimerNs = 196e6;

export function repetition(event: SegmentEvent, story: Story): { text: string; source: string } | undefined {
  const { repeats, packet, cause, atNs } = event;
  if (repeats === undefined || (packet.payloadLength === 0 && !/SYN|FIN/.test(packet.flags)))
    return undefined;
  const copies = story.before(event).filter((one) => one.id === repeats || one.repeats === repeats);
  const last = copies.at(-1);
  if (last === undefined) return undefined;
  const times = copies.length > 1 ? `, the ${ordinal(copies.length)} time` : '';
  const again = `; sent again${times}, ${duration(atNs - last.atNs)} later`;
  if (cause?.by !== 'timer')
    return { text: `${again}: the other side has asked again`, source: 'RFC 9293 section 3.5' };
  const { why, source } = measured(event, story) ?? inferred(event, atNs - last.atNs);
  return { text: `${again}: ${why}`, source };
}

/** The stack on which the kernel sent it again says which of its reasons it had. */
function measured(event: SegmentEvent, story: Story) {
  const name =
    hasFlag(event, 'SYN') && hasFlag(event, 'ACK') ? 'tcp_retransmit_synack' : 'tcp_retransmit_skb';
  const traced = story.onSocket(name, event);
  const stack = new Set([...(traced?.stack ?? []), ...(traced?.beyond ?? [])]);
  const found = reasons.find(([functions]) => functions.some((one) => stack.has(one)));
  return found && { why: `${found[1]} (measured)`, source: found[2] };
}

const timer = 'no acknowledgment came before the retransmission timer ran out';

const reasons: readonly (readonly [functions: readonly string[], why: string, source: string])[] = [
  [['tcp_send_loss_probe'], 'a probe, since the last segment may be lost', 'RFC 8985 section 7'],
  [['tcp_retransmit_timer', 'reqsk_timer_handler'], timer, 'RFC 6298 section 5'],
  [['tcp_xmit_recovery', 'tcp_fastretrans_alert'], 'acknowledgments point to a loss', 'RFC 5681 section 3.2'],
];

/** Linux may send a probe after the same 200 ms and more, so that time alone does not tell the two apart. */
function inferred(event: SegmentEvent, waitedNs: number) {
  if (hasFlag(event, 'SYN')) return { why: `${timer} (inferred)`, source: 'RFC 6298 section 5' };
  if (waitedNs < shortestTimerNs)
    return {
      why: 'too soon for the retransmission timer, so a probe for a lost last segment (inferred)',
      source: 'RFC 8985 section 7',
    };
  return {
    why: 'no acknowledgment came before the retransmission timer, or the timer of a loss probe, ran out (inferred)',
    source: 'RFC 6298 section 5',
  };
}

const ordinal = (count: number): string => ({ 1: 'first', 2: 'second', 3: 'third' })[count] ?? `${count}th`;
