/** Which call put bytes into the stream or the datagram, and which took them out: by counting bytes. */
import type { CallEvent, PacketEvent } from '../model/event.ts';
import type { Socket } from './sockets.ts';

/**
 * The call whose bytes a segment begins with. Sequence numbers count from the SYN's (RFC 9293), calls from the
 * socket's first; both count the same bytes.
 */
export function streamCall(
  event: PacketEvent,
  calls: readonly CallEvent[] | undefined,
  step: 'send' | 'receive',
  packets: readonly PacketEvent[],
): CallEvent | undefined {
  const { packet } = event;
  if (packet.protocol !== 'tcp' || calls === undefined) return undefined;
  const start = firstByte(event, packets);
  if (start === undefined) return undefined;
  // Sequence numbers wrap at 2^32.
  const offset = (packet.seq - start) >>> 0;
  let end = 0;
  for (const call of calls) {
    if (call.step !== step || call.bytes === undefined) continue;
    end += call.bytes;
    if (offset < end) return call;
  }
  return undefined;
}

/** Sequence number of the stream's first byte in this direction: one more than the SYN's. */
function firstByte(event: PacketEvent, packets: readonly PacketEvent[]): number | undefined {
  const first = packets.findLast(
    ({ packet, from, to, atNs }) =>
      packet.protocol === 'tcp' &&
      from === event.from &&
      to === event.to &&
      packet.flags.includes('SYN') &&
      atNs <= event.atNs,
  );
  return first?.packet.protocol === 'tcp' ? (first.packet.seq + 1) >>> 0 : undefined;
}

/**
 * Of a segment that was sent more than once, the one that arrived: the last to leave before the other side first
 * acknowledged it (RFC 9293). The acknowledgement may be lost; that it was sent is seen.
 */
export function hasArrived(event: PacketEvent, packets: readonly PacketEvent[]): boolean {
  const { packet } = event;
  if (packet.protocol !== 'tcp') return true;
  const first = event.repeats ?? event.id;
  const all = packets.filter(({ id, repeats }) => id === first || repeats === first);
  const end = packet.seq + packet.payloadLength + (/SYN|FIN/.test(packet.flags) ? 1 : 0);
  const acknowledged = packets.find(
    ({ packet: other, from, to, atNs }) =>
      other.protocol === 'tcp' &&
      from === event.to &&
      to === event.from &&
      atNs > (all[0] ?? event).atNs &&
      other.flags.includes('ACK') &&
      // Sequence numbers wrap at 2^32.
      ((other.ack - end) | 0) >= 0,
  );
  return event === all.findLast(({ atNs }) => atNs <= (acknowledged?.atNs ?? Infinity));
}

/** The read that returned a segment's first byte; the read of 0 bytes for a FIN. */
export function segmentReader(
  event: PacketEvent,
  sockets: readonly Socket[],
  packets: readonly PacketEvent[],
): CallEvent | undefined {
  const { packet } = event;
  if (packet.protocol !== 'tcp') return undefined;
  const socket = receiverOf(event, sockets);
  if (packet.payloadLength > 0) return streamCall(event, socket?.calls, 'receive', packets);
  if (!packet.flags.includes('FIN')) return undefined;
  return socket?.calls.find(
    ({ step, returned, untilNs }) =>
      step === 'receive' && returned === 0 && (untilNs ?? Infinity) >= event.atNs,
  );
}

const receiverOf = (event: PacketEvent, sockets: readonly Socket[]): Socket | undefined =>
  sockets.findLast(
    ({ host, local, peer, protocol }) =>
      host !== event.host && protocol === event.packet.protocol && local === event.to && peer === event.from,
  );

/** The accept(2) that handed out the connection a SYN asked for. */
export function acceptedBy(event: PacketEvent, sockets: readonly Socket[]): CallEvent | undefined {
  const made = receiverOf(event, sockets);
  const calls = sockets.flatMap((socket) => socket.calls);
  return calls.find(({ id, step }) => id === made?.id && step === 'accept');
}

/**
 * The receive that returned a datagram. A socket's queue is first in, first out, so the n-th receive with these
 * bytes took the n-th datagram that holds them.
 */
export function datagramReader(
  event: PacketEvent,
  sockets: readonly Socket[],
  packets: readonly PacketEvent[],
): CallEvent | undefined {
  const same = packets.filter(
    (other) => other.from === event.from && other.to === event.to && sameBytes(other, event),
  );
  const n = same.indexOf(event);
  const port = event.to.split(':')[1];
  const calls = sockets
    .filter(
      ({ host, protocol, local }) =>
        host !== event.host && protocol === 'udp' && local?.split(':')[1] === port,
    )
    .flatMap((socket) => socket.calls);
  const took = calls.filter(
    ({ step, bytes, data, address }) =>
      step === 'receive' &&
      bytes !== undefined &&
      (address === undefined || address === event.from) &&
      holds(event, data ?? ''),
  );
  const call = took[n];
  return call !== undefined && (call.untilNs ?? Infinity) >= event.atNs ? call : undefined;
}

const sameBytes = (one: PacketEvent, other: PacketEvent) => payloadOf(one) === payloadOf(other);

/** A receive with a short buffer takes the beginning of the datagram. */
const holds = (event: PacketEvent, data: string) => payloadOf(event).startsWith(data);

const payloadOf = ({ packet }: PacketEvent) => (packet.protocol === 'udp' ? (packet.payload ?? '') : '');
