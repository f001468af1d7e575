/** Every event of a timeline in plain words. */
import type { Timeline } from '../correlate/timeline.ts';
import type { Event } from '../model/event.ts';
import { explainEvent } from './explain-event.ts';
import type { Explanation } from './explanation.ts';
import { storyOf } from './story.ts';

/** Explanations by event id. */
export function explainTimeline(timeline: Timeline): ReadonlyMap<string, Explanation> {
  const explain = explainerOf(timeline);
  return new Map(timeline.events.map((event) => [event.id, explain(event)]));
}

/** Explains single events of a timeline, when they are asked for. */
export function explainerOf(timeline: Timeline): (event: Event) => Explanation {
  const story = storyOf(timeline);
  return (event) => explainEvent(event, story, timeline.logged.get(event.id));
}
