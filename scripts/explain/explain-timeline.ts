/** Every event of a timeline in plain words. */
import { parseStrace, type Call } from 'strace-parser';
import type { Timeline } from '../correlate/timeline.ts';
import type { Event } from '../model/event.ts';
import { explainEvent } from './explain-event.ts';
import type { Explanation } from './explanation.ts';
import { storyOf } from './story.ts';

/** Explanations by event id. */
export function explainTimeline(
  timeline: Timeline,
  files: ReadonlyMap<string, Uint8Array>,
): ReadonlyMap<string, Explanation> {
  const explain = explainerOf(timeline, files);
  return new Map(timeline.events.map((event) => [event.id, explain(event)]));
}

/**
 * Explains single events of a timeline. A strace log is read when the first of its calls is asked for.
 *
 * @param files the scene's recordings by name, of which `<host>.strace` are read
 */
export function explainerOf(
  timeline: Timeline,
  files: ReadonlyMap<string, Uint8Array>,
): (event: Event) => Explanation {
  const story = storyOf(timeline);
  const logs = new Map<string, ReadonlyMap<number, Call>>();
  return (event) => {
    if (event.kind !== 'call') return explainEvent(event, story);
    let calls = logs.get(event.source);
    if (calls === undefined) {
      calls = callsOf(files.get(event.source));
      logs.set(event.source, calls);
    }
    return explainEvent(event, story, calls.get(event.line));
  };
}

/** The calls of a strace log by the line they begin on, as the ids of events name them. */
function callsOf(log: Uint8Array | undefined): ReadonlyMap<number, Call> {
  const calls = log === undefined ? [] : parseStrace(log).filter((event) => event.kind === 'call');
  return new Map(calls.map((call) => [call.line, call]));
}
