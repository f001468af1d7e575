/** The lines of the recordings that an event, or its absence, stands on. */
import type { Timeline } from '../correlate/timeline.ts';
import type { Clause } from '../lessons/expectation.ts';
import type { Event, PacketEvent } from '../model/event.ts';
import type { Evidence } from '../model/verdict.ts';
import { describe } from '../parse/describe.ts';

/** The text of a line of a recording; for a capture, undefined. */
export type Quote = (source: string, line: number) => string | undefined;

export function evidenceOf(
  clauses: readonly Clause[],
  scene: string,
  events: readonly Event[],
  quote: Quote,
): Evidence[] {
  const onlyRules = clauses.some(
    (clause) =>
      ('list' in clause && 'logged' in clause.list.fields) ||
      ('see' in clause && 'logged' in clause.see.fields),
  );
  const all = [...new Set(events)].flatMap((event) =>
    event.kind === 'packet'
      ? sightingsOf(event, onlyRules, quote)
      : [lineOf(event, event.source, event.line, quote)],
  );
  return all.map((one) => inFolder(scene, one));
}

/** A scene that is not the main one has its recordings in a folder inside the variant's. */
const inFolder = (scene: string, one: Evidence): Evidence =>
  scene === 'main' ? one : { ...one, source: `${scene}/${one.source}` };

/** The sender's capture, and the line of its OUTPUT rules. */
function sightingsOf(event: PacketEvent, onlyRules: boolean, quote: Quote): Evidence[] {
  const wire = event.sightings.find(({ hook }) => hook === 'wire');
  const rule = event.sightings.find(({ hook }) => hook === 'OUTPUT');
  const chosen = [onlyRules ? undefined : wire, rule].filter((one) => one !== undefined);
  return (chosen.length > 0 ? chosen : event.sightings.slice(0, 1)).map(({ source, line }) =>
    lineOf(event, source, line, quote),
  );
}

/** A line may hold all that a program has written; it stands whole in the recording. */
const longest = 400;

function lineOf(event: Event, source: string, line: number, quote: Quote): Evidence {
  const text = quote(source, line) ?? (event.kind === 'packet' ? describe(event.packet) : '');
  return { source, line, text: text.length > longest ? `${text.slice(0, longest)}…` : text };
}

/** An absence lies between the fences: the last packet before it, and the first behind it, of each recorder. */
export function fenceEvidence(timeline: Timeline, quote: Quote): Evidence[] {
  return timeline.watches.flatMap(({ fences }) =>
    fences.map(({ packet, sighting: { source, line } }) =>
      inFolder(timeline.scene.scene, {
        source,
        line,
        text: `fence: ${quote(source, line) ?? describe(packet)}`,
      }),
    ),
  );
}
