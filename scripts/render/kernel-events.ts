/** What the kernel did to the packets of a step beside sending them: dropped, refused, repeated, reported as an error. */
import type { Step } from '../correlate/steps.ts';
import type { Timeline } from '../correlate/timeline.ts';
import type { KernelEvent, PacketEvent } from '../model/event.ts';
import { sayIcmp, sayPacket } from './cell.ts';

/** `7 bytes dropped: NETFILTER_DROP`, as far as it happened on the step's host. */
export const eventsCell = (step: Step, timeline: Timeline): string =>
  eventsOn(step.host, step.packets, timeline, (event) => step.calls.some(({ id }) => id === event.call));

/** The same for packets that no step explains. */
export const restEvents = (host: string, rest: readonly PacketEvent[], timeline: Timeline): string =>
  eventsOn(host, rest, timeline, () => false);

function eventsOn(
  host: string,
  packets: readonly PacketEvent[],
  { events }: Timeline,
  isOfCall: (event: KernelEvent) => boolean,
): string {
  const texts = events.flatMap((event) => {
    if (event.kind !== 'kernel' || event.host !== host) return [];
    const packet = packets.find(({ id }) => id === event.packet);
    if (packet === undefined && (event.packet !== undefined || !isOfCall(event))) return [];
    return say(event, packet) ?? [];
  });
  const counted = Map.groupBy(texts, (text) => text);
  return [...counted].map(([text, all]) => (all.length > 1 ? `${all.length} × ${text}` : text)).join('; ');
}

/** Undefined where the event has a row of its own (states, paths), or says nothing that the packet does not. */
function say(event: KernelEvent, packet: PacketEvent | undefined): string | undefined {
  const { name, fields } = event;
  const what = packet === undefined ? 'a packet' : sayPacket(packet);
  switch (name) {
    case 'kfree_skb':
      return isLoss(event, packet) ? `${what} dropped: ${fields['reason'] ?? 'no reason given'}` : undefined;
    case 'icmp_send':
      return `${what} answered: ${sayIcmp(Number(fields['type']), Number(fields['code']))}`;
    case 'tcp_send_reset':
      return `${what} answered: RST${fields['reason'] === undefined ? '' : ` (${fields['reason']})`}`;
    case 'tcp_retransmit_skb':
    case 'tcp_retransmit_synack':
      return `${what.replace(/ again$/, '')} retransmitted`;
    case 'tcp_receive_reset':
      return 'reset by the peer';
    case 'inet_sk_error_report':
      return sayError(fields['error'] ?? '0');
    default:
      return undefined;
  }
}

/** The kernel also wakes whoever waits for an error when there is none any more. */
const sayError = (number: string): string | undefined =>
  number === '0' ? undefined : `error for the socket: ${errors[number] ?? number}`;

/**
 * Memory of a packet that has been taken in is freed in the same way: without a reason, or with its socket. And in a
 * softirq the thread may have dropped somebody else's.
 */
function isLoss({ fields, beyond }: KernelEvent, packet: PacketEvent | undefined): boolean {
  if (fields['reason'] === 'NOT_SPECIFIED' || (packet === undefined && beyond.length > 0)) return false;
  const hasPayload =
    packet !== undefined && 'payloadLength' in packet.packet && packet.packet.payloadLength > 0;
  return fields['reason'] !== 'QUEUE_PURGE' || hasPayload;
}

/** What a packet may tell a socket: icmp_err_convert in net/ipv4/icmp.c, tcp_reset, tcp_write_err; numbers of asm-generic. */
const errors: Readonly<Record<string, string>> = {
  32: 'EPIPE',
  64: 'ENONET',
  71: 'EPROTO',
  90: 'EMSGSIZE',
  92: 'ENOPROTOOPT',
  95: 'EOPNOTSUPP',
  101: 'ENETUNREACH',
  104: 'ECONNRESET',
  110: 'ETIMEDOUT',
  111: 'ECONNREFUSED',
  112: 'EHOSTDOWN',
  113: 'EHOSTUNREACH',
};
