/** Every line of events.jsonl is an event as the published schema says, by another reader of schemas. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { references, wholeHostile, wholeReference } from '../../live/reference.ts';
import { eventSchema } from './event-schema.ts';
import { renderJsonl } from './jsonl.ts';

const validate = new Ajv2020({ allErrors: true, strict: true }).compile(eventSchema());

test.each([...references, 'hostile'])('%s: every line is valid', async (name) => {
  const { plays } = await (name === 'hostile' ? wholeHostile() : wholeReference(name));
  let lines = 0;
  for (const play of plays) {
    for (const line of renderJsonl(play).trimEnd().split('\n')) {
      const event: unknown = JSON.parse(line);
      expect(
        validate(event),
        `${play.folders[0]} ${JSON.stringify(validate.errors)} ${line.slice(0, 200)}`,
      ).toBe(true);
      lines += 1;
    }
  }
  expect(lines).toBe(plays.reduce((sum, { timeline }) => sum + timeline.events.length, 0));
  expect(lines).toBeGreaterThan(100);
});

test('the schema refuses what is no event', () => {
  const call = {
    kind: 'call',
    id: 'client.strace:1',
    atNs: 0,
    host: 'client',
    source: 'client.strace',
    line: 1,
    pid: 1,
  };
  expect(validate({ ...call, name: 'socket' })).toBe(true);
  expect(validate(call)).toBe(false); // no name
  expect(validate({ ...call, name: 'socket', returned: '3' })).toBe(false);
  expect(validate({ ...call, name: 'socket', colour: 'red' })).toBe(false);
  expect(validate({ ...call, kind: 'packet' })).toBe(false);
});
