/** Arrows from what caused to what was caused: pairs of flow events, bound to the slices that hold their stamps. */
import type { Event } from '../../model/event.ts';
import { us, type Slice, type TraceEvent, type Tracks } from './perfetto-tracks.ts';

/** @param slices those of calls and packets, by event id */
export function arrows(
  events: readonly Event[],
  slices: ReadonlyMap<string, Slice>,
  tracks: Tracks,
): TraceEvent[] {
  const all: TraceEvent[] = [];
  const draw = (from: string | undefined, to: string | undefined, name: string) => {
    const [first, second] = [slices.get(from ?? ''), slices.get(to ?? '')];
    if (first === undefined || second === undefined) return;
    const beginNs = within(first, Math.min(second.fromNs, first.untilNs));
    const endNs = within(second, Math.max(beginNs, second.fromNs));
    // Clocks of two recorders differ by some microseconds: an arrow never leads back in time.
    if (endNs < beginNs) return;
    const flow = { cat: 'cause', name, id: all.length / 2 + 1 };
    all.push({ ph: 's', ...tracksOf(first, tracks), ts: us(beginNs), ...flow });
    all.push({ ph: 'f', bp: 'e', ...tracksOf(second, tracks), ts: us(endNs), ...flow });
  };
  for (const event of events) {
    if (event.kind !== 'packet') continue;
    draw(
      event.cause?.event,
      event.id,
      event.cause?.certainty === 'measured' ? 'sends (measured)' : 'sends (inferred)',
    );
    draw(event.id, event.receivedBy, 'is received');
  }
  return all;
}

/** A stamp inside of the slice: its end belongs to what comes next. */
const within = ({ fromNs, untilNs }: Slice, atNs: number): number =>
  Math.min(Math.max(fromNs, untilNs - 1), Math.max(fromNs, atNs));

function tracksOf(slice: Slice, tracks: Tracks) {
  const { pid, tid } = tracks.place(slice.track);
  return { pid, tid };
}
