/** The JSON Schema (draft 2020-12) of a line of events.jsonl, made from the model itself. */
import { z } from 'zod';
import { Event } from '../../model/event.ts';

export const eventSchema = (): Readonly<Record<string, unknown>> => ({
  ...z.toJSONSchema(Event),
  title: 'A line of events.jsonl',
  description:
    'Something that happened on a timeline of echolab. `atNs`: nanoseconds since `startedNs` of run.json, on CLOCK_REALTIME. `source` and `line`: the recording and its line, of a capture the number of the frame.',
});
