/** Where a TCP segment stands in its connection, told from the segments before it. */
import type { PacketEvent } from '../model/event.ts';
import type { TcpPacket } from '../model/packet.ts';

export type SegmentEvent = PacketEvent & { readonly packet: TcpPacket };

export interface Position {
  /** The place of its first byte, or of what follows, in the sender's stream, from 1; undefined without its SYN. */
  readonly at: number | undefined;
  /** What it acknowledges that the sender had not acknowledged before; undefined where that cannot be told. */
  readonly acknowledges: Acknowledged | undefined;
  /** The sender's segment before this one. */
  readonly previous: SegmentEvent | undefined;
  /** The other side's segment before this one. */
  readonly answered: SegmentEvent | undefined;
  /** The sequence number is one below the next: no new data, only to draw an acknowledgment. */
  readonly probes: boolean;
  /** The sender's FIN has left before. */
  readonly closed: boolean;
}

export interface Acknowledged {
  readonly syn: boolean;
  readonly bytes: number;
  readonly fin: boolean;
}

export const hasFlag = ({ packet }: SegmentEvent, flag: string): boolean =>
  packet.flags.split(' ').includes(flag);

/** @param before the segments of this connection that left earlier, of both sides */
export function positionOf(event: SegmentEvent, before: readonly PacketEvent[]): Position {
  const segments = before.filter((one): one is SegmentEvent => one.packet.protocol === 'tcp');
  const own = segments.filter(({ from }) => from === event.from);
  const others = segments.filter(({ from }) => from !== event.from);
  const start = [event, ...own].find((one) => hasFlag(one, 'SYN'))?.packet.seq;
  const next = own.map(endOf).reduce<number | undefined>(latest, undefined);
  return {
    at: start === undefined || hasFlag(event, 'SYN') ? undefined : distance(start, event.packet.seq),
    acknowledges: hasFlag(event, 'ACK') ? newlyAcknowledged(event, own, others) : undefined,
    previous: own.at(-1),
    answered: others.at(-1),
    probes:
      event.packet.payloadLength <= 1 &&
      next !== undefined &&
      distance(event.packet.seq, next) === 1 &&
      !/SYN|FIN|RST/.test(event.packet.flags),
    closed: own.some((one) => hasFlag(one, 'FIN')),
  };
}

function newlyAcknowledged(
  { packet: { ack } }: SegmentEvent,
  own: readonly SegmentEvent[],
  others: readonly SegmentEvent[],
): Acknowledged | undefined {
  const already = own
    .filter((one) => hasFlag(one, 'ACK') && !hasFlag(one, 'RST'))
    .map((one) => one.packet.ack)
    .reduce<number | undefined>(latest, undefined);
  const opening = others.find((one) => hasFlag(one, 'SYN'));
  const from = already ?? opening?.packet.seq;
  if (from === undefined) return undefined;
  const all = distance(from, ack);
  const closing = others.find((one) => hasFlag(one, 'FIN'));
  const fin = closing !== undefined && endOf(closing) === ack && all > 0;
  const syn = already === undefined && all > 0;
  return { syn, fin, bytes: Math.max(0, all - Number(syn) - Number(fin)) };
}

/** The sequence number behind a segment: SYN and FIN count as a byte each. */
const endOf = (one: SegmentEvent): number =>
  (one.packet.seq + one.packet.payloadLength + Number(hasFlag(one, 'SYN')) + Number(hasFlag(one, 'FIN'))) %
  2 ** 32;

/** Sequence numbers start again after 2^32 - 1 (RFC 9293 section 3.4); what is behind counts as no way. */
const distance = (from: number, to: number): number => {
  const way = (to - from + 2 ** 32) % 2 ** 32;
  return way < 2 ** 31 ? way : 0;
};

const latest = (one: number | undefined, other: number): number =>
  one === undefined || distance(one, other) > 0 ? other : one;
