/** The tracks of a timeline: one for each recorder of each host, with its marks in order of time. */
import type { Scene } from './scene.ts';
import { recordersOf } from './sources.ts';
import type { Tab } from './app-state.ts';

export interface Track {
  readonly host: string;
  readonly recorder: Tab;
  /** Places of events in the scene. */
  readonly places: readonly number[];
  /** Nanoseconds from the scene's first event: when each began, and when it was over. */
  readonly from: Float64Array;
  readonly until: Float64Array;
}

const order: readonly Tab[] = ['strace', 'output', 'kernel', 'graph', 'packets', 'LOG', 'state'];

/** @param places the events to show, in order of time */
export function tracksOf(scene: Scene, places: readonly number[]): Track[] {
  const begin = scene.length === 0 ? 0 : scene.entry(0).atNs;
  const found = new Map<
    string,
    { host: string; recorder: Tab; places: number[]; from: number[]; until: number[] }
  >();
  const add = (host: string, recorder: Tab, place: number, from: number, until: number) => {
    const key = `${host} ${recorder}`;
    const known = found.get(key) ?? { host, recorder, places: [], from: [], until: [] };
    found.set(key, known);
    known.places.push(place);
    known.from.push(from - begin);
    known.until.push(until - begin);
  };
  for (const place of places) {
    const entry = scene.entry(place);
    if (entry.kind === 'packet') {
      for (const { host, source, atNs } of entry.sightings)
        add(
          host,
          source.endsWith('.nflog.pcap') || source === 'kernel.log' ? 'LOG' : 'packets',
          place,
          atNs,
          atNs,
        );
    } else {
      const until = entry.kind === 'call' ? (entry.untilNs ?? entry.atNs) : entry.atNs;
      add(entry.host, recordersOf(entry)[0] ?? 'state', place, entry.atNs, until);
    }
  }
  const hosts = scene.head.hosts.map(({ name }) => name);
  return [...found.values()]
    .toSorted(
      (one, other) =>
        hosts.indexOf(one.host) - hosts.indexOf(other.host) ||
        order.indexOf(one.recorder) - order.indexOf(other.recorder),
    )
    .map((track) => ({
      ...track,
      from: Float64Array.from(track.from),
      until: Float64Array.from(track.until),
    }));
}
