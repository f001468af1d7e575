/**
 * `trace.perfetto.json`: the timeline for ui.perfetto.dev and chrome://tracing, in their JSON form (Trace Event Format).
 *
 * Each host is a process with its threads, and tracks for what belongs to none; between the hosts lies the wire, a track each
 * way. Calls and packets are slices, what has no length is an instant; arrows lead from a call to the packet that it sent, from
 * a packet to its answer or repetition, and to the call that took it in. Times are microseconds since the run began.
 */
import type { CallEvent, Event, PacketEvent } from '../../model/event.ts';
import { describe } from '../../parse/describe.ts';
import { refer } from '../ledger.ts';
import { bytesVisible, visible } from '../paint.ts';
import { jsonText } from './json-text.ts';
import { arrows } from './perfetto-arrows.ts';
import { complete, createTracks, inLanes, instant, type Slice, type Track } from './perfetto-tracks.ts';
import type { Play } from './renderer.ts';

const wire = 'wire';
/** Long enough to be seen and pointed at. */
const shortestNs = 1000;
/** Payloads stand in the recordings; here a beginning is enough. */
const longestText = 200;

export function renderPerfetto(play: Play): string {
  const { events, scene } = play.timeline;
  const tracks = createTracks([
    ...scene.hosts.map(({ name, address }) => [name, `${name} ${address}`] as const),
    [wire, 'wire'],
  ]);
  const lastNs = events.at(-1)?.atNs ?? 0;
  const calls = events.flatMap((event) =>
    event.kind === 'call' ? [[event.id, callSlice(event, lastNs, play)] as const] : [],
  );
  const packets = events.filter((event) => event.kind === 'packet');
  const onWire = inLanes(packets.map((event) => packetSlice(event, play)));
  const slices = new Map<string, Slice>([
    ...calls,
    ...onWire.map((slice) => [String(slice.args['event']), slice] as const),
  ]);
  const inKernel = events.flatMap((event) =>
    event.kind === 'call' ? kernelSlice(event, slices.get(event.id)) : [],
  );
  const traceEvents = [
    ...[...slices.values(), ...inKernel].map((slice) => complete(slice, tracks)),
    ...events.flatMap((event) => instantsOf(event, play)).map((one) => instant(one, tracks)),
    ...arrows(events, slices, tracks),
  ];
  // One element a line: tools do not mind, and people can read it.
  const lines = [...tracks.names(), ...traceEvents].map((one) => jsonText(one));
  return `{"displayTimeUnit":"ns","traceEvents":[\n${lines.join(',\n')}\n]}\n`;
}

const threadOf = (host: string, pid: number): Track => ({ process: host, thread: `thread ${pid}`, tid: pid });

/** A call that never returned lasts until the end. */
function callSlice(event: CallEvent, lastNs: number, play: Play): Slice {
  const { host, pid, name, atNs, untilNs, source, line, returned, errno, socket } = event;
  const about = socket !== undefined && {
    means: play.explain(event).text,
    ...{ fd: event.fd, local: event.local, peer: event.peer },
    ...(event.data !== undefined && { data: cut(bytesVisible(event.data.slice(0, longestText + 1))) }),
  };
  return {
    ...{ track: threadOf(host, pid), fromNs: atNs, untilNs: Math.max(atNs, untilNs ?? lastNs) },
    ...{ name: visible(name), category: socket === undefined ? 'call' : 'socket' },
    args: { line: `${source}:${line}`, returned: errno ?? returned ?? 'never', ...about },
  };
}

/** From the sender's interface to the receiver's. */
function packetSlice(event: PacketEvent, play: Play): Slice {
  const { host, atNs, sightings, id } = event;
  const arrival = sightings.find((seen) => seen.hook === 'wire' && seen.host !== host);
  const to =
    arrival?.host ??
    play.timeline.scene.hosts.find(({ address }) => address === event.to.split(':')[0])?.name;
  return {
    track: { process: wire, thread: `${host} → ${to ?? '?'}` },
    ...{ fromNs: atNs, untilNs: Math.max(atNs + shortestNs, arrival?.atNs ?? atNs) },
    ...{ name: visible(describe(event.packet)), category: 'packet' },
    args: {
      event: id,
      means: play.explain(event).text,
      seen: sightings.map(({ source, line }) => refer(source, line)).join(' '),
      ...(arrival === undefined && { lost: 'not seen on the receiver’s interface' }),
    },
  };
}

/** What the kernel's tracer saw of a call, without what strace takes around it. */
function kernelSlice({ kernelNs }: CallEvent, outer: Slice | undefined): Slice[] {
  if (kernelNs === undefined || outer === undefined) return [];
  const fromNs = Math.min(outer.untilNs, Math.max(outer.fromNs, kernelNs.from));
  const untilNs = Math.min(outer.untilNs, Math.max(fromNs, kernelNs.until));
  return [{ ...outer, fromNs, untilNs, name: 'in the kernel', category: 'kernel', args: {} }];
}

/** What has no length. The rules of netfilter are passed on the way to and from the wire. */
function instantsOf(event: Event, play: Play): Omit<Slice, 'untilNs'>[] {
  const { host, atNs, source, line } = event;
  const one = (track: Track, name: string, category: string, args: Slice['args'] = {}) => [
    { track, fromNs: atNs, name: cut(visible(name)), category, args: { line: refer(source, line), ...args } },
  ];
  const beside = (thread: string): Track => ({ process: host, thread });
  const means = () => ({ means: play.explain(event).text });
  switch (event.kind) {
    case 'call':
      return [];
    case 'packet': {
      const what = visible(describe(event.packet));
      return event.sightings
        .filter(({ hook }) => hook !== 'wire')
        .map((seen) => ({
          track: { process: seen.host, thread: 'netfilter' },
          ...{ fromNs: seen.atNs, category: 'rules', name: `${seen.hook} ${what}` },
          args: { line: refer(seen.source, seen.line) },
        }));
    }
    case 'output':
      return one(beside(event.stream), event.text, 'output');
    case 'signal':
    case 'exit':
      return one(threadOf(host, event.pid), event.kind === 'exit' ? 'exit' : event.name, event.kind, means());
    case 'socket':
      return one(
        beside('sockets'),
        `${event.protocol} ${event.state} ${event.local} ${event.peer}`,
        'state',
        means(),
      );
    case 'counter':
      // Those of IP count the same packets once more.
      if (!/^(?:Tcp|Udp|Icmp)/.test(event.name)) return [];
      return one(beside('counters'), `${event.name} ${event.change > 0 ? '+' : ''}${event.change}`, 'state');
    case 'kernel': {
      const { pid, threadHost, call, cpu } = event;
      const track =
        pid === undefined || threadHost === undefined || call === undefined
          ? beside(`kernel, processor ${cpu}`)
          : threadOf(threadHost, pid);
      return one(track, event.name, 'kernel', {
        ...means(),
        stack: [...event.stack, ...event.beyond].join(' → '),
      });
    }
    default:
      return unreachable(event);
  }
}

const cut = (text: string): string => (text.length > longestText ? `${text.slice(0, longestText)}…` : text);

function unreachable(event: never): never {
  throw new Error(`no track for ${JSON.stringify(event)}`);
}
