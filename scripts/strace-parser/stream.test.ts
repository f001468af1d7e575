/** Streams whose owner fills one buffer again and again, and readers that leave a batch early. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  createReader,
  parseStrace,
  readStrace,
  readStraceBatches,
  toJson,
  type StraceEvent,
} from './index.ts';

const log = new Uint8Array(readFileSync(new URL('fixtures/7.2/f-ttt-T-yy.log', import.meta.url)));
const all = parseStrace(log);

function* chunks(size: number): Generator<Uint8Array> {
  const buffer = new Uint8Array(size);
  for (let at = 0; at < log.length; at += size) {
    const part = log.subarray(at, at + size);
    buffer.set(part);
    yield buffer.subarray(0, part.length);
    buffer.fill(0);
  }
}

test.each([100, 1000, 10_000])('events of chunks of %i bytes in one buffer outlive them', async (size) => {
  const events: StraceEvent[] = [];
  for await (const event of readStrace(chunks(size))) events.push(event);
  expect(events.map(toJson)).toEqual(all.map(toJson));
});

test('who leaves a batch early finds the next ones as they are', async () => {
  const firsts: StraceEvent[] = [];
  for await (const events of readStraceBatches(chunks(1000))) {
    for (const event of events) {
      firsts.push(event);
      break;
    }
  }
  const byEnd = new Map(all.map((event) => [event.end, event]));
  expect(firsts.length).toBeGreaterThan(10);
  expect(firsts.map(toJson)).toEqual(
    firsts.map(({ end }) => byEnd.get(end)).map((event) => event && toJson(event)),
  );
});

test('who comes back to a batch goes on where the loop was left', () => {
  const reader = createReader();
  const events = reader.read(log);
  const taken: StraceEvent[] = [];
  for (const event of events) {
    taken.push(event);
    if (taken.length === 5) break;
  }
  taken.push(...events, ...reader.end());
  expect(taken.map(toJson)).toEqual(all.map(toJson));
});
