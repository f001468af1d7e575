/** What a call, or a packet, brought about: the kernel's way, states, packets with their LOG lines, printed lines. */
import type { CallEvent, Event, KernelEvent, PacketEvent } from '../../model/event.ts';
import { describe } from '../../parse/describe.ts';
import type { Play } from '../files/renderer.ts';
import { newState } from '../../explain/socket-states.ts';
import { kernelPath } from '../kernel-cell.ts';
import { refer } from '../ledger.ts';
import { programPath } from '../program-cell.ts';

/** One fact, then what it means, then where it stands. */
export interface Caused {
  readonly label: '→' | '←' | 'program' | 'kernel' | 'state' | 'prints';
  readonly fact: string;
  readonly means: readonly string[];
  /** Lines of the kernel's log, as they are. */
  readonly log: readonly string[];
  readonly seen: readonly string[];
}

/** The events of a host that belong to each of its calls and packets, by id. */
export interface Belongings {
  /** Of a call: the packets of its step that are its own; of nobody: `''`. */
  readonly packets: ReadonlyMap<string, readonly PacketEvent[]>;
  readonly kernel: ReadonlyMap<string, readonly KernelEvent[]>;
  readonly printed: ReadonlyMap<string, readonly Event[]>;
}

export function belongingsOf(play: Play, host: string): Belongings {
  const { events, hosts } = play.timeline;
  const own = hosts.find((one) => one.host === host);
  const packets = new Map<string, PacketEvent[]>();
  for (const step of own?.steps ?? []) {
    for (const event of step.packets) {
      const call = step.calls.find(({ id }) => id === event.cause?.event || id === event.receivedBy);
      push(packets, (call ?? step.calls[0])?.id ?? '', event);
    }
  }
  for (const event of own?.rest ?? []) push(packets, '', event);
  return { packets, kernel: kernelOf(events, host), printed: printedBy(events, host) };
}

/** Under the host's own call; else under the packet that had come for that socket last. */
function kernelOf(events: readonly Event[], host: string): Map<string, KernelEvent[]> {
  const kernel = new Map<string, KernelEvent[]>();
  const arrived = new Map<string, string>();
  for (const event of events) {
    if (event.kind === 'packet') arrived.set(event.to, event.id);
    if (event.kind !== 'kernel' || event.host !== host) continue;
    const own = event.threadHost === host ? event.call : undefined;
    const key = own ?? event.packet ?? arrived.get(event.local ?? '') ?? '';
    push(kernel, key, event);
  }
  return kernel;
}

/** A line is printed by the write that holds it; of equal lines the first by the first. */
function printedBy(events: readonly Event[], host: string): Map<string, Event[]> {
  const printed = new Map<string, Event[]>();
  const waiting = new Map<string, Event[]>();
  for (const event of events) {
    if (event.kind === 'output' && event.host === host) push(waiting, `${event.stream} ${event.text}`, event);
  }
  // From here on the first in a list is the last.
  for (const lines of waiting.values()) lines.reverse();
  for (const event of events) {
    if (event.kind !== 'call' || event.host !== host || !(event.fd === 1 || event.fd === 2)) continue;
    // Bytes of the log, one character each; the recorder decoded UTF-8.
    const text = new TextDecoder().decode(Uint8Array.from(event.data ?? '', (byte) => byte.charCodeAt(0)));
    for (const line of text.split('\n').filter((one) => one !== '')) {
      const output = waiting.get(`${event.fd === 1 ? 'stdout' : 'stderr'} ${line}`)?.pop();
      if (output !== undefined) push(printed, event.id, output);
    }
  }
  return printed;
}

function push<T>(lists: Map<string, T[]>, key: string, value: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

export function causedBy(call: CallEvent, play: Play, belongings: Belongings): Caused[] {
  const kernel = belongings.kernel.get(call.id) ?? [];
  return [
    ...(belongings.printed.get(call.id) ?? []).map((event): Caused => ({
      ...{ label: 'prints', means: [], log: [], seen: [`${event.source}:${event.line}`] },
      fact: event.kind === 'output' ? event.text : '',
    })),
    ...programWay(call),
    ...kernelWay(kernel),
    ...kernelFacts(kernel, play),
    ...(belongings.packets.get(call.id) ?? []).flatMap((event) =>
      packetFacts(event, call.host, play, belongings),
    ),
  ];
}

export function packetFacts(event: PacketEvent, host: string, play: Play, belongings: Belongings): Caused[] {
  const rule = event.sightings.find((one) => one.host === host && one.hook !== 'wire');
  const line = rule && play.quote(rule.source, rule.line);
  const others = event.host === host ? [] : [`${event.host}: `];
  return [
    {
      label: event.host === host ? '→' : '←',
      fact: describe(event.packet),
      means: [`${others.join('')}${play.explain(event).text}`],
      log: line === undefined ? [] : [line.replace(/^\d+,\d+,\d+,[^;]*;/, '')],
      seen: event.sightings.map(({ source, line: at }) => refer(source, at)),
    },
    ...kernelFacts(belongings.kernel.get(event.id) ?? [], play),
  ];
}

/** The program's own functions down to the call; strace -k prints them below its line. */
const programWay = ({ userStack = [], source, line }: CallEvent): Caused[] =>
  userStack.length === 0
    ? []
    : [{ label: 'program', fact: programPath(userStack), means: [], log: [], seen: [`${source}:${line}`] }];

function kernelWay(events: readonly KernelEvent[]): Caused[] {
  const way = kernelPath(events);
  return way === undefined
    ? []
    : [
        {
          label: 'kernel',
          fact: way.text,
          means: [],
          log: [],
          seen: [refer(way.event.source, way.event.line)],
        },
      ];
}

/** States one by one; of other events each kind once, with how often. */
function kernelFacts(events: readonly KernelEvent[], play: Play): Caused[] {
  const groups = Map.groupBy(events, (event) =>
    event.name === 'inet_sock_set_state' ? event.id : `${nameOf(event)} ${play.explain(event).text}`,
  );
  return [...groups.values()].flatMap((same) => {
    const [event] = same;
    if (event === undefined) return [];
    const often = same.length === 1 ? '' : `, ${same.length} times`;
    const state = event.name === 'inet_sock_set_state';
    return [
      {
        label: state ? 'state' : 'kernel',
        fact: state ? (newState(event) ?? 'no other for ss(8)') : `${nameOf(event)}${often}`,
        means: [play.explain(event).text],
        log: [],
        seen: same.slice(0, 3).map(({ source, line }) => refer(source, line)),
      } satisfies Caused,
    ];
  });
}

/** In a softirq the kernel works for whom it may concern: in the sender's call also for the receiver. */
const nameOf = ({ name, context }: KernelEvent): string =>
  context === 'softirq' ? `${name}, in a softirq` : name;
