/**
 * What the kernel did under a step: the path from the call to the deepest place that was seen, in reading order and in the
 * article's names, and the states that the socket went through.
 */
import type { Step } from '../correlate/steps.ts';
import type { Timeline } from '../correlate/timeline.ts';
import type { KernelEvent } from '../model/event.ts';
import { newState } from '../explain/socket-states.ts';
import { shortPath } from '../parse/kernel-functions.ts';

/** The first of these that happened under the call tells most of it. */
const telling = [
  'net_dev_queue',
  'sched_switch',
  'fib_table_lookup',
  'sock_send_length',
  'sock_recv_length',
] as const;

/** Longer paths leave out what lies between their beginning and their end. */
const shownNames = 7;

/** `tcp_v4_connect → tcp_connect → … → dev_queue_xmit`, in pieces that a line may be broken between. */
export function pathCell(step: Step, timeline: Timeline): string {
  if (!['connect', 'send', 'receive', 'shutdown', 'close'].includes(step.name)) return '';
  const own = kernelEvents(timeline).filter(({ call }) => step.calls.some(({ id }) => id === call));
  return kernelPath(own)?.text ?? '';
}

/** @param events those that happened under a call */
export function kernelPath(
  events: readonly KernelEvent[],
): { readonly text: string; readonly event: KernelEvent } | undefined {
  const own = events.filter(({ stack, beyond }) => stack.length > 0 && beyond.length === 0);
  const event = telling
    .map((name) => own.find((one) => one.name === name))
    .find((found) => found !== undefined);
  if (event === undefined) return undefined;
  // __sys_connect says what the row's name says.
  const names = shortPath(event.stack).filter((name) => !/^_*(?:k)?sys_|^__sys_/.test(name));
  const shown =
    names.length <= shownNames ? names : [...names.slice(0, shownNames - 2), '…', ...names.slice(-1)];
  return { text: shown.join(' → ') + (event.name === 'sched_switch' ? ', and sleeps' : ''), event };
}

/** `SYN-SENT, ESTABLISHED`: the states that began within the step, as ss(8) and RFC 9293 write them. */
export function statesCell(step: Step, timeline: Timeline): string {
  const states = kernelEvents(timeline)
    .filter((event) => event.name === 'inet_sock_set_state' && event.host === step.host)
    .filter((event) => belongs(event, step, timeline));
  return states.flatMap((event) => newState(event) ?? []).join(', ');
}

/** Under the host's own call; else to the step of the packet that had arrived last. */
function belongs(event: KernelEvent, step: Step, { events, hosts }: Timeline): boolean {
  if (event.call !== undefined && event.threadHost === event.host)
    return step.calls.some(({ id }) => id === event.call);
  const arrived = events.findLast(
    (one) =>
      one.kind === 'packet' &&
      one.packet.protocol === 'tcp' &&
      one.to === event.local &&
      one.atNs <= event.atNs,
  );
  const home = hosts
    .find(({ host }) => host === step.host)
    ?.steps.find(({ packets }) => packets.some(({ id }) => id === arrived?.id));
  return home === step;
}

/** Asked for once for each step of a timeline, and a busy one has thousands. */
const known = new WeakMap<Timeline['events'], KernelEvent[]>();

function kernelEvents({ events }: Timeline): KernelEvent[] {
  const found = known.get(events) ?? events.filter((event): event is KernelEvent => event.kind === 'kernel');
  known.set(events, found);
  return found;
}
