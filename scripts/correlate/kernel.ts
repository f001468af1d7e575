/**
 * The kernel's events meet the calls, by thread and time, and the packets, by interface, length and time. With it the
 * cause of a packet is measured where the tracer saw the packet leave on the stack of that very call.
 */
import type { CallEvent, KernelEvent, PacketEvent } from '../model/event.ts';
import type { Passage } from '../parse/kernel-trace.ts';

/** strace and the tracer read the same clock; the tracer prints microseconds. */
const printedNs = 1000;
/** Between __dev_queue_xmit and the capture nothing waits but the tracer itself, which walks the stack. */
const nearNs = 5e6;
const ethernetHeader = 14;

export interface Traced {
  readonly events: readonly KernelEvent[];
  readonly passages: readonly Passage[];
}

/** Fills in `kernelNs` of calls; `call`, `under`, `packet`, `host` of events; `certainty` of causes. */
export function joinKernel(
  { events, passages }: Traced,
  calls: readonly CallEvent[],
  packets: readonly PacketEvent[],
): KernelEvent[] {
  joinPassages(passages, calls);
  const byThread = Map.groupBy(calls, threadOf);
  const socketHosts = new Map<string, string>();
  for (const event of events) {
    const call = byThread
      .get(threadOf({ host: event.threadHost ?? '', pid: event.pid ?? -1 }))
      ?.findLast(
        ({ kernelNs }) =>
          kernelNs !== undefined && kernelNs.from <= event.atNs && event.atNs <= kernelNs.until,
      );
    if (call !== undefined) Object.assign(event, { call: call.id, under: call.step ?? call.name });
    if (event.sk !== undefined && (event.local !== undefined || event.context === 'process'))
      socketHosts.set(event.sk, event.host);
  }
  // In a softirq the thread says nothing about the host; the socket does, once it is known.
  for (const event of events) {
    const host = socketHosts.get(event.sk ?? '');
    if (host !== undefined && event.local === undefined) event.host = host;
  }
  joinPackets(events, packets);
  const resent = events.filter(({ name }) => name.startsWith('tcp_retransmit_'));
  const byId = new Map(packets.map((packet) => [packet.id, packet]));
  for (const event of events) {
    const packet = byId.get(event.packet ?? '');
    const again = resent.some(
      (one) => one.host === event.host && one.atNs <= event.atNs && event.atNs - one.atNs < nearNs,
    );
    if (packet?.cause !== undefined && isMeasured(packet, event, again)) packet.cause.certainty = 'measured';
  }
  // A thread that sleeps outside of any call of the lesson's sockets says nothing; a packet of nobody is a fence's.
  return events.filter(({ name, call, packet, pid }) => {
    if (name === 'sched_switch') return call !== undefined;
    return name !== 'net_dev_queue' || packet !== undefined || pid !== undefined;
  });
}

const threadOf = ({ host, pid }: { host: string; pid: number }) => `${host} ${pid}`;

/** Inside strace's stamps of a call lies one passage of that name. */
function joinPassages(passages: readonly Passage[], calls: readonly CallEvent[]): void {
  const key = (one: Passage | CallEvent) => `${threadOf(one)} ${one.name}`;
  const waiting = Map.groupBy(passages, key);
  for (const call of calls) {
    const found = waiting
      .get(key(call))
      ?.find(
        ({ from, until }) =>
          from >= call.atNs - printedNs && (call.untilNs === undefined || until <= call.untilNs + printedNs),
      );
    if (found !== undefined) call.kernelNs = { from: found.from, until: found.until };
  }
}

/** A packet is queued on its interface some microseconds before the capture stamps it; both keep the order. */
function joinPackets(events: readonly KernelEvent[], packets: readonly PacketEvent[]): void {
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

/**
 * The kernel's functions that take a segment, a datagram, an ARP reply in, or acknowledge it later; and those that
 * run a timer. (An idle processor's events have no stack on some kernels: what a timer sends then stays inferred.)
 */
const receives =
  /^(?:tcp_v4_rcv|tcp_v4_do_rcv|tcp_rcv_\w+|udp_rcv|__udp4_lib_rcv|icmp_rcv|tcp_delack_timer\w*|arp_process|__neigh_update|neigh_update)$/;
const times =
  /^(?:call_timer_fn|run_timer_softirq|__run_timers|tcp_write_timer|tcp_delack_timer|reqsk_timer_handler|neigh_timer_handler)$/;

/** Does the stack that the packet left on say what was inferred? */
function isMeasured({ cause }: PacketEvent, event: KernelEvent, retransmitted: boolean): boolean {
  const stack = [...event.stack, ...event.beyond];
  switch (cause?.by) {
    case undefined:
      return false;
    case 'packet':
      return stack.some((name) => receives.test(name));
    case 'timer':
      return stack.some((name) => times.test(name)) || retransmitted;
    default:
      return event.call === cause?.event;
  }
}
