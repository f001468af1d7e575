/**
 * The kernel's events meet the packets: what queues a packet by interface, length and time; what happens to it then (it
 * is dropped, refused, answered with a RST) by the packet's address in the kernel; what is about a connection by
 * that. Times are compared only where an event follows another on the same host.
 */
import type { KernelEvent, PacketEvent } from '../model/event.ts';

/** The tracer prints microseconds, and cuts. */
const printedNs = 1000;
/** Between __dev_queue_xmit and the capture nothing waits but the tracer itself, which walks the stack. */
const nearNs = 5e6;
/** A packet's memory is given to the next packet soon after it has been taken in or dropped. */
const reusedAfterNs = 1e8;
const ethernetHeader = 14;

/** Fills in `packet`, and the `host` of what happens to a packet that has arrived. */
export function joinPackets(events: readonly KernelEvent[], packets: readonly PacketEvent[]): void {
  joinQueued(events, packets);
  const byId = new Map(packets.map((packet) => [packet.id, packet]));
  const queued = events.filter(({ name }) => name === 'net_dev_queue');
  for (const event of events) {
    if (event.packet !== undefined || event.name === 'net_dev_queue') continue;
    const found = byId.get(queuedAs(event, queued)?.packet ?? '') ?? ofConnection(event, packets);
    if (found === undefined) continue;
    event.packet = found.id;
    if (hasArrived(event)) event.host = receiverOf(found, packets) ?? event.host;
  }
}

/** A packet is queued on its interface some microseconds before the capture stamps it; both keep the order. */
function joinQueued(events: readonly KernelEvent[], packets: readonly PacketEvent[]): void {
  const queued = Map.groupBy(
    events.filter(({ name }) => name === 'net_dev_queue'),
    ({ host }) => host,
  );
  for (const packet of packets) {
    const length = lengthOf(packet);
    const event = queued
      .get(packet.host)
      ?.findLast(
        (one) =>
          one.packet === undefined &&
          one.atNs <= packet.atNs + printedNs &&
          packet.atNs - one.atNs < nearNs &&
          (length === undefined || Number(one.fields['len']) === length),
      );
    if (event !== undefined) event.packet = packet.id;
  }
}

function lengthOf({ packet }: PacketEvent): number | undefined {
  if (packet.protocol === 'arp') return ethernetHeader + 28; // RFC 826, IPv4 over Ethernet
  return packet.protocol === 'other' ? undefined : ethernetHeader + packet.length;
}

/** Where the same packet was queued last: veth hands the packet itself over, at the same address. */
function queuedAs({ fields, atNs }: KernelEvent, queued: readonly KernelEvent[]): KernelEvent | undefined {
  const skb = fields['skbaddr'];
  if (skb === undefined) return undefined;
  return queued.findLast(
    (one) => one.fields['skbaddr'] === skb && one.atNs <= atNs && atNs - one.atNs < reusedAfterNs,
  );
}

/** The packet that such an event is about, by the two ends of its socket. */
function ofConnection(event: KernelEvent, packets: readonly PacketEvent[]): PacketEvent | undefined {
  const { name, local, peer, atNs } = event;
  if (local === undefined || peer === undefined) return undefined;
  switch (name) {
    case 'tcp_retransmit_skb':
    case 'tcp_retransmit_synack':
      // It has just left.
      return packets.findLast(
        (one) =>
          one.from === local &&
          one.to === peer &&
          isRepeatable(one) &&
          one.atNs <= atNs + printedNs &&
          atNs - one.atNs < nearNs,
      );
    case 'tcp_receive_reset':
      return packets.findLast(
        (one) => one.from === peer && one.to === local && one.atNs <= atNs && isReset(one),
      );
    case 'inet_sk_error_report':
      return packets.findLast((one) => one.atNs <= atNs && isErrorFor(one, local, peer));
    default:
      return undefined;
  }
}

/** A bare ACK is never sent again (RFC 9293 section 3.8.1). */
const isRepeatable = ({ packet }: PacketEvent) =>
  packet.protocol === 'tcp' && (packet.payloadLength > 0 || /SYN|FIN/.test(packet.flags));

const isReset = ({ packet }: PacketEvent) => packet.protocol === 'tcp' && packet.flags.includes('RST');

/** A RST of the peer's, or an ICMP error that quotes what was sent to it. */
function isErrorFor({ packet, from, to }: PacketEvent, local: string, peer: string): boolean {
  if (packet.protocol === 'tcp') return from === peer && to === local && packet.flags.includes('RST');
  if (packet.protocol !== 'icmp' || packet.inner === undefined) return false;
  const { src, sport, dst, dport } = packet.inner;
  return `${src}:${sport}` === local && `${dst}:${dport}` === peer;
}

/** The functions that take packets in from an interface. */
const arrives = /^(?:__netif_receive_skb\w*|process_backlog|ip_rcv|ip_local_deliver\w*)$/;
const hasArrived = ({ name, stack, beyond }: KernelEvent): boolean =>
  ['kfree_skb', 'icmp_send', 'tcp_send_reset'].includes(name) &&
  [...stack, ...beyond].some((frame) => arrives.test(frame));

/** The host that the packet went to: whose packets have its address. */
function receiverOf({ to }: PacketEvent, packets: readonly PacketEvent[]): string | undefined {
  const address = to.split(':')[0];
  return packets.find(({ from }) => from.split(':')[0] === address)?.host;
}

/**
 * The kernel's functions that take a segment, a datagram, an ARP reply in, or acknowledge it later; and those that
 * run a timer. (An idle processor's events have no stack on some kernels: what a timer sends then stays inferred.)
 */
const receives =
  /^(?:tcp_v4_rcv|tcp_v4_do_rcv|tcp_rcv_\w+|udp_rcv|__udp4_lib_rcv|icmp_rcv|tcp_delack_timer\w*|arp_process|__neigh_update|neigh_update)$/;
const times =
  /^(?:call_timer_fn|run_timer_softirq|__run_timers|tcp_write_timer|tcp_delack_timer|reqsk_timer_handler|neigh_timer_handler)$/;

/** A cause is measured where the stack that the packet left on says it. */
export function measureCauses(events: readonly KernelEvent[], packets: readonly PacketEvent[]): void {
  const byId = new Map(packets.map((packet) => [packet.id, packet]));
  const resent = new Set(
    events.flatMap(({ name, packet }) => (name.startsWith('tcp_retransmit_') && packet ? [packet] : [])),
  );
  for (const event of events) {
    const packet = event.name === 'net_dev_queue' ? byId.get(event.packet ?? '') : undefined;
    const { call, under } = event;
    // A connect(2) that was refused never tells its port to strace; its stack still tells what it sent.
    if (packet !== undefined && call !== undefined && under !== undefined && event.threadHost === event.host)
      packet.cause ??= { event: call, by: under, certainty: 'measured', within: true };
    const cause = packet?.cause;
    if (cause === undefined) continue;
    const stack = [...event.stack, ...event.beyond];
    const isMeasured =
      cause.by === 'packet'
        ? stack.some((name) => receives.test(name))
        : cause.by === 'timer'
          ? stack.some((name) => times.test(name)) || resent.has(event.packet ?? '')
          : event.call === cause.event;
    if (isMeasured) cause.certainty = 'measured';
  }
}
