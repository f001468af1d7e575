/**
 * What made each packet leave, and which call took it in. Found from addresses, descriptors, bytes and time, never
 * from the order that one recording happened to have; so it holds for programs nobody has seen before.
 *
 * By its own call leave: a SYN (connect), bytes (the send whose bytes they are), a FIN (shutdown, close or the end
 * of the program), a datagram. Everything else is a kernel's own answer to a packet, or a timer's repetition.
 */
import type { CallEvent, Cause, Event, PacketEvent } from '../model/event.ts';
import { acceptedBy, datagramReader, hasArrived, segmentReader, streamCall } from './bytes.ts';
import type { Socket } from './sockets.ts';

/** Fills in `cause`, `receivedBy` and `repeats`; all times in one clock, packets in the order of leaving. */
export function findCauses(
  packets: readonly PacketEvent[],
  sockets: readonly Socket[],
  others: readonly Event[],
): void {
  const sentBefore: PacketEvent[] = [];
  const datagrams = new Map<CallEvent, number>();
  for (const event of packets) {
    const earlier = repeated(event, sentBefore);
    if (earlier !== undefined) event.repeats = earlier.id;
    const cause = causeOf(event, { sockets, others, sentBefore, datagrams, earlier });
    if (cause !== undefined) event.cause = cause;
    sentBefore.push(event);
  }
  for (const event of packets) {
    const reader = readerOf(event, sockets, packets);
    if (reader !== undefined) event.receivedBy = reader.id;
  }
}

interface Known {
  readonly sockets: readonly Socket[];
  readonly others: readonly Event[];
  /** The packets before this one. */
  readonly sentBefore: readonly PacketEvent[];
  /** How many datagrams of each send have been found. */
  readonly datagrams: Map<CallEvent, number>;
  /** The packet that this one repeats. */
  readonly earlier: PacketEvent | undefined;
}

function causeOf(event: PacketEvent, known: Known): Cause | undefined {
  const { packet } = event;
  switch (packet.protocol) {
    case 'tcp': {
      if (known.earlier !== undefined && (packet.payloadLength > 0 || /SYN|FIN/.test(packet.flags))) {
        const asked = packet.flags === 'ACK SYN' ? answered(event, known, /^SYN$/) : undefined;
        return asked !== undefined && asked.event !== known.earlier.cause?.event
          ? asked
          : { event: known.earlier.id, by: 'timer', certainty: 'inferred', within: false };
      }
      const socket = socketOf(event, known.sockets);
      if (packet.flags === 'SYN')
        return byLast(event, socket, ['connect']) ?? byConnect(event, known.sockets);
      if (packet.flags.includes('SYN')) return answered(event, known, /^SYN$/);
      if (packet.payloadLength > 0)
        return by(event, streamCall(event, socket?.calls, 'send', known.sentBefore));
      if (packet.flags.includes('FIN'))
        return byLast(event, socket, ['shutdown', 'close']) ?? byExit(event, known);
      if (packet.flags.includes('RST')) return byOpenCall(event, socket) ?? answered(event, known, /./);
      return (
        byReceive(event, socket, known) ??
        answered(event, known, /SYN|FIN|PSH/) ??
        answered(event, known, /./)
      );
    }
    case 'udp': {
      const call = sendOf(event, socketOf(event, known.sockets), known.datagrams);
      if (call !== undefined) known.datagrams.set(call, (known.datagrams.get(call) ?? 0) + 1);
      return by(event, call);
    }
    case 'icmp':
      return byQuoted(event, known);
    case 'arp':
      return packet.operation === 'reply' ? answeredArp(event, known) : byAnyOpenCall(event, known.sockets);
    case 'other':
      return undefined;
    default:
      return unreachable(packet);
  }
}

/** The socket a packet left from: by its port, and by its peer where it has one. */
function socketOf(event: PacketEvent, sockets: readonly Socket[]): Socket | undefined {
  const port = event.from.split(':')[1];
  const { packet } = event;
  const own = sockets.filter(
    ({ host, protocol, local, madeNs }) =>
      host === event.host &&
      protocol === packet.protocol &&
      local?.split(':')[1] === port &&
      madeNs <= event.atNs,
  );
  return own.findLast(({ peer }) => peer === event.to) ?? own.findLast(({ peer }) => peer === undefined);
}

const by = (event: PacketEvent, call: CallEvent | undefined): Cause | undefined =>
  call && {
    event: call.id,
    by: call.step ?? call.name,
    certainty: 'inferred',
    within: isWithin(event, call),
  };

const isWithin = ({ atNs }: PacketEvent, call: CallEvent) =>
  call.atNs <= atNs && call.untilNs !== undefined && atNs <= call.untilNs;

function byLast(event: PacketEvent, socket: Socket | undefined, steps: readonly string[]): Cause | undefined {
  const call = socket?.calls.findLast(
    ({ step, atNs }) => step !== undefined && steps.includes(step) && atNs <= event.atNs,
  );
  return by(event, call);
}

/** Nobody ever told the port of a socket whose connect(2) failed; but it was to go to this address, then. */
function byConnect(event: PacketEvent, sockets: readonly Socket[]): Cause | undefined {
  const calls = sockets.filter(({ host }) => host === event.host).flatMap((socket) => socket.calls);
  return by(
    event,
    calls.findLast((call) => call.step === 'connect' && call.address === event.to && isWithin(event, call)),
  );
}

/** A RST may be a call's own (close with unread bytes), then it leaves inside that call. */
const byOpenCall = (event: PacketEvent, socket: Socket | undefined) =>
  by(
    event,
    socket?.calls.findLast((call) => call.step === 'close' && isWithin(event, call)),
  );

/** A window update (RFC 9293, 3.8.6): nothing new is acknowledged, but a receive has made room. */
function byReceive(event: PacketEvent, socket: Socket | undefined, { sentBefore }: Known): Cause | undefined {
  const before = sentBefore.findLast(({ from, to }) => from === event.from && to === event.to)?.packet;
  const { packet } = event;
  if (packet.protocol !== 'tcp' || before?.protocol !== 'tcp') return undefined;
  if (packet.ack !== before.ack || packet.window <= before.window) return undefined;
  const call = socket?.calls.findLast((one) => one.step === 'receive' && isWithin(event, one));
  return by(event, call);
}

function byAnyOpenCall(event: PacketEvent, sockets: readonly Socket[]): Cause | undefined {
  const calls = sockets.filter(({ host }) => host === event.host).flatMap((socket) => socket.calls);
  return by(
    event,
    calls.findLast((call) => (call.step === 'connect' || call.step === 'send') && isWithin(event, call)),
  );
}

/** A program that ends leaves its sockets to the kernel, which closes them. */
function byExit(event: PacketEvent, { others }: Known): Cause | undefined {
  const exit = others.findLast(
    ({ kind, host, atNs }) => kind === 'exit' && host === event.host && atNs <= event.atNs + 5e6,
  );
  return exit && { event: exit.id, by: 'exit', certainty: 'inferred', within: false };
}

/** The last packet of the other side, in this connection, whose flags are such. */
function answered(event: PacketEvent, { sentBefore }: Known, flags: RegExp): Cause | undefined {
  const asked = sentBefore.findLast(
    ({ packet, from, to }) =>
      packet.protocol === 'tcp' && from === event.to && to === event.from && flags.test(packet.flags),
  );
  return asked && { event: asked.id, by: 'packet', certainty: 'inferred', within: false };
}

function answeredArp(event: PacketEvent, { sentBefore }: Known): Cause | undefined {
  const asked = sentBefore.findLast(({ packet, from }) => packet.protocol === 'arp' && from === event.to);
  return asked && { event: asked.id, by: 'packet', certainty: 'inferred', within: false };
}

/** An ICMP error quotes the packet that it is about (RFC 792). */
function byQuoted(event: PacketEvent, { sentBefore }: Known): Cause | undefined {
  const inner = event.packet.protocol === 'icmp' ? event.packet.inner : undefined;
  if (inner === undefined) return undefined;
  const [from, to] = [`${inner.src}:${inner.sport}`, `${inner.dst}:${inner.dport}`];
  const quoted = sentBefore.findLast((other) => other.from === from && other.to === to);
  return quoted && { event: quoted.id, by: 'packet', certainty: 'inferred', within: false };
}

/** The first send of which a datagram has not been seen yet, of this length and to this address. */
function sendOf(
  event: PacketEvent,
  socket: Socket | undefined,
  found: ReadonlyMap<CallEvent, number>,
): CallEvent | undefined {
  const { packet } = event;
  if (packet.protocol !== 'udp') return undefined;
  return socket?.calls.find(
    (call) =>
      call.step === 'send' &&
      (call.messages ?? [call.bytes])[found.get(call) ?? 0] === packet.payloadLength &&
      (call.address === undefined || call.address === event.to) &&
      call.atNs <= event.atNs,
  );
}

/** Same sequence number, same length, same flags: sent again, or an acknowledgement said twice. */
function repeated(event: PacketEvent, before: readonly PacketEvent[]): PacketEvent | undefined {
  const { packet } = event;
  if (packet.protocol !== 'tcp') return undefined;
  return before.find(
    ({ packet: other, from, to }) =>
      other.protocol === 'tcp' &&
      from === event.from &&
      to === event.to &&
      other.seq === packet.seq &&
      other.payloadLength === packet.payloadLength &&
      other.flags === packet.flags &&
      // A SYN ACK sent again may acknowledge the same; a bare ACK is the same only if it does, and gives no more room.
      (packet.payloadLength > 0 ||
        /SYN|FIN/.test(packet.flags) ||
        (other.ack === packet.ack && other.window === packet.window)),
  );
}

function readerOf(
  event: PacketEvent,
  sockets: readonly Socket[],
  packets: readonly PacketEvent[],
): CallEvent | undefined {
  const { packet } = event;
  if (packet.protocol === 'udp') return datagramReader(event, sockets, packets);
  if (packet.protocol !== 'tcp' || !hasArrived(event, packets)) return undefined;
  return packet.flags === 'SYN' ? acceptedBy(event, sockets) : segmentReader(event, sockets, packets);
}

function unreachable(packet: never): never {
  throw new Error(`no cause for ${JSON.stringify(packet)}`);
}
