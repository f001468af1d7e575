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

test('lines that differ in numbers alone have one form', () => {
  const forms = openForms();
  const packed = packLines(
    ['1821 1795499520.578 close(3</proc/1821/maps>) = 0', '77 1795499521.002 close(4</proc/77/maps>) = 0'],
    forms,
  );
  expect(forms.list).toEqual(['0 0.0 close(0</proc/0/maps>) = 0']);
  expect(packed.forms).toEqual([0, 0]);
});
