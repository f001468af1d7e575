/** `events.jsonl`: everything on the timeline, an event a line, in order of time. Its schema: event-schema.ts. */
import { jsonText } from './json-text.ts';
import type { Play } from './renderer.ts';

export const renderJsonl = ({ timeline }: Play): string =>
  timeline.events.map((event) => `${jsonText(event)}\n`).join('');
