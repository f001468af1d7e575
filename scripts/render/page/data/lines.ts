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

/** Stands for a number: no form has a digit of its own. */
const gap = '0';

export interface Forms extends Places<string> {
  /** What long quotations came to: programs that start alike read the same files. */
  readonly quotations: Map<string, Parted>;
}

/** A text without its numbers, and these. */
interface Parted {
  readonly form: string;
  readonly numbers: readonly string[];
}

export const openForms = (): Forms => ({ ...openPlaces((form: string) => form), quotations: new Map() });

export function packLines(lines: readonly string[], forms: Forms): PackedLines {
  const numbers: string[] = [];
  const places = lines.map((line) => {
    const [head, quotation, tail] = quoted(line);
    if (quotation === '') return forms.placeOf(takeNumbers(line, numbers));
    const known = forms.quotations.get(quotation) ?? part(quotation);
    forms.quotations.set(quotation, known);
    const begin = takeNumbers(head, numbers);
    for (const one of known.numbers) numbers.push(one);
    return forms.placeOf(begin + known.form + takeNumbers(tail, numbers));
  });
  return { forms: places, numbers: numbers.join(' ') };
}

/** Shorter ones are read as quickly as they are found again. */
const longQuotation = 500;

/** No number reaches across a quotation mark. The quotation is empty where none is long. */
function quoted(line: string): [head: string, quotation: string, tail: string] {
  if (line.length < longQuotation) return [line, '', ''];
  const [from, until] = [line.indexOf('"'), line.lastIndexOf('"')];
  if (until - from < longQuotation) return [line, '', ''];
  return [line.slice(0, from), line.slice(from, until), line.slice(until)];
}

function part(text: string): Parted {
  const numbers: string[] = [];
  return { form: takeNumbers(text, numbers), numbers };
}

const isDecimal = (code: number): boolean => code >= 48 && code <= 57;
const isHex = (code: number): boolean => isDecimal(code) || (code >= 97 && code <= 102);

/**
 * Hexadecimal with its prefix, a long one without (`/proc/self/maps`), or decimal: `/0x[0-9a-f]+|[0-9a-f]{8,}|\d+/g`,
 * which takes several times as long. Every digit is in one of these.
 *
 * @returns the line without them
 */
function takeNumbers(line: string, numbers: string[]): string {
  let form = '';
  let copied = 0;
  for (let at = 0; at < line.length; at += 1) {
    const first = line.charCodeAt(at);
    if (!isHex(first)) continue;
    const prefixed = first === 48 && line.charCodeAt(at + 1) === 120 && isHex(line.charCodeAt(at + 2));
    let end = prefixed ? at + 2 : at;
    while (isHex(line.charCodeAt(end))) end += 1;
    if (!prefixed && end - at < 8) {
      end = at;
      while (isDecimal(line.charCodeAt(end))) end += 1;
    }
    if (end === at) continue; // a letter; a number may yet begin behind it
    numbers.push(line.slice(at, end));
    form += line.slice(copied, at) + gap;
    copied = end;
    at = end - 1;
  }
  return copied === 0 ? line : form + line.slice(copied);
}

export function unpackLines({ forms, numbers }: PackedLines, list: readonly string[]): string[] {
  const waiting = numbers.split(' ');
  let next = 0;
  return forms.map((place) => {
    const [first = '', ...more] = (list[place] ?? '').split(gap);
    return first + more.map((piece) => (waiting[next++] ?? '') + piece).join('');
  });
}
