import { openPlaces, type Places } from './places.ts';

/**
 * Lines of text as forms and numbers. The logs of a hundred programs that start alike differ in stamps, pids and
 * addresses only: what is left of a line when those are taken out is stored once for a whole run.
 */
export interface PackedLines {
  /** For each line the place of its form. */
  readonly forms: readonly number[];
  /** What was taken out, in the order of the text, with blanks between. */
  readonly numbers: string;
}

/** Hexadecimal with its prefix, a long one without (`/proc/self/maps`), or decimal. Every digit is in one of these. */
const number = /0x[0-9a-f]+|[0-9a-f]{8,}|\d+/g;
/** Stands for a number: no form has a digit of its own. */
const gap = '0';

export const openForms = (): Places<string> => openPlaces((form) => form);

export function packLines(lines: readonly string[], forms: Places<string>): PackedLines {
  const numbers: string[] = [];
  const places = lines.map((line) => {
    for (const found of line.match(number) ?? []) numbers.push(found);
    return forms.placeOf(line.replace(number, gap));
  });
  return { forms: places, numbers: numbers.join(' ') };
}

export function unpackLines({ forms, numbers }: PackedLines, list: readonly string[]): string[] {
  const waiting = numbers.split(' ');
  let next = 0;
  return forms.map((place) => {
    const [first = '', ...more] = (list[place] ?? '').split(gap);
    return first + more.map((piece) => (waiting[next++] ?? '') + piece).join('');
  });
}
