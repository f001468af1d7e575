/** What a sequence diagram draws, in order of time: calls and their returns, packets, states, printed lines. */
import type { Entry } from '../data/report.ts';
import type { Scene } from './scene.ts';
import { firstFrom } from './sorted.ts';

export type Item = Arrow | Crossing | Note;

interface Common {
  readonly id: string;
  readonly atNs: number;
  readonly label: string;
}

/** Between a program and its host's kernel. */
export interface Arrow extends Common {
  readonly kind: 'enter' | 'return' | 'call';
  readonly host: string;
}

/** A packet, from one kernel to another. */
export interface Crossing extends Common {
  readonly kind: 'packet';
  readonly host: string;
  readonly target: string;
  readonly look: 'data' | 'control' | 'reset' | 'icmp' | 'arp';
  readonly again: boolean;
  readonly fate: Entry['fate'];
  readonly certainty: 'measured' | 'inferred' | undefined;
}

/** Something at one place: a state of a socket in the kernel, a line the program printed. */
export interface Note extends Common {
  readonly kind: 'state' | 'said';
  readonly host: string;
}

export interface Sequence {
  readonly items: readonly Item[];
  /** Calls that something happened within: the items of their entry and return. */
  readonly spans: readonly { readonly host: string; readonly from: number; readonly until: number }[];
}

export function sequenceOf(scene: Scene): Sequence {
  const calls = new Set(scene.steps.flatMap((step) => step.calls));
  const packets = new Set(scene.steps.flatMap(({ wire }) => wire.map(({ id }) => id)));
  const places = [...calls, ...packets].flatMap((id) => scene.placeOf(id) ?? []);
  for (let n = 0; n < scene.length; n += 1) if (isNote(scene, n)) places.push(n);
  const drawn = [...new Set(places)].toSorted((one, other) => one - other).map(scene.entry);
  const stamps = drawn.map(({ atNs }) => atNs);
  const items = drawn.flatMap((entry): Item[] => {
    if (entry.kind === 'packet') return [crossing(scene, entry)];
    if (entry.kind !== 'call') return [note(entry)];
    return isLong(entry, stamps) ? halves(entry) : [arrow('call', entry, entry.say)];
  });
  const sorted = items.toSorted((one, other) => one.atNs - other.atNs);
  const returns = new Map(
    sorted.flatMap((item, n) => (item.kind === 'return' ? [[item.id, n] as const] : [])),
  );
  const spans = sorted.flatMap((item, from) => {
    const until = item.kind === 'enter' ? returns.get(item.id) : undefined;
    return until === undefined || item.kind !== 'enter' ? [] : [{ host: item.host, from, until }];
  });
  return { items: sorted, spans };
}

function isNote({ cell }: Scene, n: number): boolean {
  const kind = cell('kind', n);
  if (kind === 'output') return cell('stream', n) === 'stdout';
  return kind === 'signal' || (kind === 'kernel' && cell('name', n) === 'inet_sock_set_state');
}

/** Something else that is drawn happened between its entry and its return. `stamps` are in order. */
function isLong({ atNs, untilNs }: Call, stamps: readonly number[]): boolean {
  const next = stamps[firstFrom(stamps, atNs + 1)];
  return next !== undefined && next < (untilNs ?? Infinity);
}

type Call = Extract<Entry, { kind: 'call' }>;

const arrow = (kind: Arrow['kind'], { id, atNs, host }: Call, label: string): Arrow => ({
  ...{ kind, id, atNs, host, label },
});

/** `read` goes in, `→ 7 "HELLO!!"` comes back, if it ever does. */
function halves(call: Call): Item[] {
  const at = call.say.indexOf('→');
  const [before, after] = at === -1 ? [call.say, ''] : [call.say.slice(0, at).trim(), call.say.slice(at)];
  const back: Item[] =
    call.untilNs === undefined || call.returned === undefined
      ? []
      : [{ ...arrow('return', call, `${call.name} ${after}`), atNs: call.untilNs }];
  return [arrow('enter', call, before), ...back];
}

function crossing(scene: Scene, entry: Extract<Entry, { kind: 'packet' }>): Crossing {
  const { id, atNs, host, say, fate, packet } = entry;
  const there = entry.sightings.find((sighting) => sighting.host !== host)?.host;
  const address = entry.to.split(':')[0];
  const target = there ?? scene.head.hosts.find((one) => one.address === address)?.name ?? '';
  return {
    kind: 'packet',
    ...{ id, atNs, host, target, fate },
    label: say,
    look:
      packet.protocol === 'icmp' || packet.protocol === 'arp'
        ? packet.protocol
        : packet.protocol === 'tcp' && packet.flags.includes('RST')
          ? 'reset'
          : 'payloadLength' in packet && packet.payloadLength > 0
            ? 'data'
            : 'control',
    again: entry.repeats !== undefined && !/^ACK$/.test(say),
    certainty: entry.cause?.certainty,
  };
}

function note(entry: Entry): Note {
  const { id, atNs, host } = entry;
  if (entry.kind === 'kernel')
    return { kind: 'state', id, atNs, host, label: (entry.fields['newstate'] ?? '').replace(/^TCP_/, '') };
  return { kind: 'said', id, atNs, host, label: entry.kind === 'output' ? `prints ${entry.say}` : entry.say };
}

/** Pixels from one line to the next, where nothing is to scale. */
export const lineHeight = 27;
/** On paper. */
export const denseHeight = 19;
/** To scale, a whole scene has about so many. */
const scaledHeight = 1400;

/**
 * Where each item stands, in pixels from the top.
 *
 * @param spacing `real`: as far apart as in time, but never so near that words would overlap
 * @param least pixels from one line to the next, at the least
 */
export function placesOf(items: readonly Item[], spacing: 'even' | 'real', least: number): number[] {
  const [first, last] = [items[0]?.atNs ?? 0, items.at(-1)?.atNs ?? 0];
  const perNs = scaledHeight / Math.max(1, last - first);
  let before = 0;
  return items.map(({ atNs }, n) => {
    const next = before + least;
    const gap = n === 0 ? 0 : (atNs - (items[n - 1]?.atNs ?? 0)) * perNs;
    before = spacing === 'even' ? next : Math.max(next, before + gap);
    return before;
  });
}
