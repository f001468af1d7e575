/** Every event of a timeline in plain words. */
import type { Timeline } from '../correlate/timeline.ts';
import type { Event } from '../model/event.ts';
import { explainEvent } from './explain-event.ts';
import type { Explanation } from './explanation.ts';
import { storyOf, type Story } from './story.ts';

/** Explanations by event id. */
export function explainTimeline(timeline: Timeline): ReadonlyMap<string, Explanation> {
  const explain = explainerOf(timeline);
  return new Map(timeline.events.map((event) => [event.id, explain(event)]));
}

type Explain = (event: Event) => Explanation;

/** Several files of a run say the same of an event; lessons that share a scene share its events. */
const explainers = new WeakMap<readonly Event[], Explain>();

/** Explains single events of a timeline, when they are first asked for. */
export function explainerOf(timeline: Timeline): Explain {
  const before = explainers.get(timeline.events);
  if (before !== undefined) return before;
  const known = new Map<string, Explanation>();
  let story: Story | undefined;
  const explain = (event: Event): Explanation => {
    const said = known.get(event.id);
    if (said !== undefined) return said;
    story ??= storyOf(timeline);
    const explanation = explainEvent(event, story, timeline.logged.get(event.id));
    known.set(event.id, explanation);
    return explanation;
  };
  explainers.set(timeline.events, explain);
  return explain;
}
