/**
 * The kernel's events meet the calls, by thread, time and the call at the bottom of their stacks, and the packets
 * (kernel-packets.ts). With it the cause of a packet is measured where the tracer saw the packet leave on the stack of
 * that very call.
 */
import type { CallEvent, KernelEvent, PacketEvent } from '../model/event.ts';
import { callOf } from '../parse/kernel-functions.ts';
import type { Passage } from '../parse/kernel-trace.ts';
import { joinPackets, measureCauses } from './kernel-packets.ts';

/** strace and the tracer read the same clock; the tracer prints microseconds. */
const printedNs = 1000;

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
      ?.findLast(({ atNs }) => atNs <= event.atNs);
    if (call !== undefined && isWithin(event, call))
      Object.assign(event, { call: call.id, under: call.step ?? call.name });
    if (event.sk !== undefined && (event.local !== undefined || event.context === 'process'))
      socketHosts.set(event.sk, event.host);
  }
  // In a softirq the thread says nothing about the host; the socket does, once it is known.
  for (const event of events) {
    const host = socketHosts.get(event.sk ?? '');
    if (host !== undefined && event.local === undefined) event.host = host;
  }
  joinPackets(events, packets);
  measureCauses(events, packets);
  // A thread that sleeps outside of any call of the lesson's sockets says nothing; a packet of nobody is a fence's.
  return events.filter(({ name, call, packet, pid, host }) => {
    // A drop of nobody's, too.
    if (host === '' && packet === undefined) return false;
    if (name === 'sched_switch') return call !== undefined;
    return name !== 'net_dev_queue' || packet !== undefined || pid !== undefined;
  });
}

const threadOf = ({ host, pid }: { host: string; pid: number }) => `${host} ${pid}`;

/**
 * Between two lines of a thread's log lies one call that is traced, and any number that are not; the stack says which
 * of them it was. What has no call on its stack was left to do when the call returned (close(2), until Linux 6.6).
 */
function isWithin({ atNs, name, stack, beyond }: KernelEvent, call: CallEvent): boolean {
  if (call.untilNs !== undefined && atNs > call.untilNs) return false;
  const entered = callOf([...stack, ...beyond]);
  if (entered === undefined) return name !== 'sched_switch';
  return callOf([`__x64_sys_${call.name}`]) === entered;
}

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
