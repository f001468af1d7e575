import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { openForms, packLines, unpackLines } from './lines.ts';

const line = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('0', 'x', 'a', 'f', '9', ' ', '-', '\0', '</script>') }),
);

test('every line comes back as it was', () => {
  fc.assert(
    fc.property(fc.array(line), (before) => {
      const forms = openForms();
      const packed = packLines(before, forms);
      expect(unpackLines(packed, forms.list)).toEqual(before);
    }),
  );
});

/** What the scan is to find, as an expression. */
const number = /0x[0-9a-f]+|[0-9a-f]{8,}|\d+/g;
const near = fc.string({
  unit: fc.constantFrom('0', 'x', 'a', 'f', '9', 'g', '"', 'é', '0x', 'deadbeef', '"'.padEnd(600, 'ab 12')),
});

test('a form is the line without its numbers, also where a long quotation stands in it', () => {
  fc.assert(
    fc.property(fc.array(near), (lines) => {
      const forms = openForms();
      const packed = packLines(lines, forms);
      expect(packed.forms.map((place) => forms.list[place])).toEqual(
        lines.map((one) => one.replaceAll(number, '0')),
      );
      expect(packed.numbers).toBe(lines.flatMap((one) => one.match(number) ?? []).join(' '));
    }),
  );
});

test('lines that differ in numbers alone have one form', () => {
  const forms = openForms();
  const packed = packLines(
    ['1821 1795499520.578 close(3</proc/1821/maps>) = 0', '77 1795499521.002 close(4</proc/77/maps>) = 0'],
    forms,
  );
  expect(forms.list).toEqual(['0 0.0 close(0</proc/0/maps>) = 0']);
  expect(packed.forms).toEqual([0, 0]);
});
