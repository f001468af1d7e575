import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { openValues, pack, unpack } from './packed.ts';

const field = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => (Object.is(n, -0) ? 0 : n)),
  fc.string({ unit: 'grapheme' }),
  fc.array(fc.string(), { maxLength: 3 }),
);
const rows = fc.array(fc.dictionary(fc.constantFrom('atNs', 'line', 'say', 'stack'), field), {
  maxLength: 20,
});

test('rows of any fields come back as they were, through JSON', () => {
  fc.assert(
    fc.property(rows, (before) => {
      const values = openValues();
      const packed = JSON.parse(JSON.stringify(pack(before, values)));
      const { row } = unpack(packed, JSON.parse(JSON.stringify(values.list)));
      expect(before.map((_, n) => row(n))).toEqual(before.map((one) => ({ ...one })));
    }),
  );
});

test('a field that few rows have is stored for those alone', () => {
  const { columns } = pack([{ line: 1000 }, {}, { line: 1007, fate: 'lost' }, {}], openValues());
  expect(columns).toEqual({
    line: { as: 'step', cells: [1000, 7], rows: [0, 2] },
    fate: { as: 'value', cells: [0], rows: [2] },
  });
});

test('stamps that grow are told as steps, and equal values once', () => {
  const values = openValues();
  const before = [1_000_000_001, 1_000_000_007, 1_000_000_009].map((atNs) => ({ atNs, host: 'client' }));
  expect(pack(before, values)).toEqual({
    rows: 3,
    columns: { atNs: { as: 'step', cells: [1_000_000_001, 6, 2] }, host: { as: 'value', cells: [0, 0, 0] } },
  });
  expect(values.list).toEqual(['client']);
});
