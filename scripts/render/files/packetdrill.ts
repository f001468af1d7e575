/**
 * `client.pkt`: one host's calls and packets as one story, in packetdrill's notation (its parser.y is the grammar). `<` comes in,
 * `>` goes out; sequence numbers count from each side's SYN; `+` is seconds since the line before, `...` behind it until when
 * a call waited. A transcript, not a test: it expects the ports and stamps of one recording.
 */
import type { CallEvent, Event, PacketEvent } from '../../model/event.ts';
import { describe } from '../../parse/describe.ts';
import { refer } from '../ledger.ts';
import { visible } from '../paint.ts';
import { drillCall } from './packetdrill-call.ts';
import { drillFrom } from './packetdrill-packet.ts';
import type { Play } from './renderer.ts';

/** Steps that may wait; one that lasted longer did (strace itself takes some 0.1 ms of each call). */
const mayWait: ReadonlySet<string> = new Set(['connect', 'accept', 'send', 'receive']);
const waitedNs = 10e6;

export function renderPacketdrill(play: Play, host: string): string {
  const { events, scene, logged } = play.timeline;
  const own = events
    .filter((event) => isOwn(event, host))
    .map((event) => ({ event, atNs: seenBy(event, host)?.atNs ?? event.atNs }))
    .toSorted((one, other) => one.atNs - other.atNs);
  const drill = drillFrom(play, host);
  let before = own[0]?.atNs ?? 0;
  const lines = own.map(({ event, atNs }) => {
    const deltaNs = atNs - before;
    before = atNs;
    if (event.kind === 'packet') {
      const { source, line } = seenBy(event, host) ?? event;
      const said = drill(event);
      const text = `+${seconds(deltaNs)} ${said ?? visible(describe(event.packet))}  // ${refer(source, line)}`;
      return said === undefined ? `// ${text}` : text;
    }
    const call = logged.get(event.id);
    const said = call === undefined ? '' : drillCall(call);
    const text = `+${seconds(deltaNs)}${waited(event, deltaNs)} ${said}  // ${refer(event.source, event.line)}`;
    return event.returned === undefined ? `// never returned: ${text}` : text;
  });
  const { address = '' } = scene.hosts.find(({ name }) => name === host) ?? {};
  const title = scene.scene === 'main' ? scene.variant : `${scene.variant}, ${scene.scene}`;
  return `${[
    `// ${title}, as ${host} (${address}) saw it: calls, < packets that came, > packets that went.`,
    `// A transcript of a recording in packetdrill's notation; + seconds since the line before.`,
    '',
    ...lines,
  ].join('\n')}\n`;
}

/** Calls on Internet sockets, and packets that the host's interface saw. */
const isOwn = (event: Event, host: string): event is CallEvent | PacketEvent =>
  event.kind === 'call'
    ? event.host === host && event.socket !== undefined
    : event.kind === 'packet' && seenBy(event, host) !== undefined;

const seenBy = (event: Event, host: string) =>
  event.kind === 'packet'
    ? event.sightings.find((seen) => seen.host === host && seen.hook === 'wire')
    : undefined;

/** `...0.300512`: when it ended, on the clock of the `+` before it. */
function waited({ step, atNs, durationNs, untilNs }: CallEvent, deltaNs: number): string {
  const lasted = durationNs ?? (untilNs ?? atNs) - atNs;
  return lasted < waitedNs || !mayWait.has(step ?? '') ? '' : `...${seconds(deltaNs + lasted)}`;
}

/** Microseconds are all that the notation keeps. */
const seconds = (ns: number): string => (ns / 1e9).toFixed(6);
