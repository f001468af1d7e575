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
  /** What long pieces of lines came to: programs that start alike read the same files. */
  readonly pieces: Map<string, Piece>;
}

interface Piece {
  readonly form: string;
  readonly numbers: readonly string[];
  /** Of the lines that it stood in, by what stood around it. */
  readonly places: Map<string, number>;
}

export const openForms = (): Forms => ({ ...openPlaces((form: string) => form), pieces: new Map() });

export function packLines(lines: readonly string[], forms: Forms): PackedLines {
  const numbers: string[] = [];
  const places = lines.map((line) =>
    line.length < longPiece ? forms.placeOf(takeNumbers(line, numbers)) : placeOfLong(line, numbers, forms),
  );
  return { forms: places, numbers: numbers.join(' ') };
}

/** Shorter lines are read as quickly as they are found again. */
const longPiece = 500;

function placeOfLong(line: string, numbers: string[], forms: Forms): number {
  // What a program read, or all of it; no number reaches across a quotation mark.
  const from = Math.max(0, line.indexOf('"'));
  const until = from === 0 ? line.length : line.lastIndexOf('"');
  const piece = pieceOf(line.slice(from, until), forms);
  const head = takeNumbers(line.slice(0, from), numbers);
  for (const one of piece.numbers) numbers.push(one);
  const tail = takeNumbers(line.slice(until), numbers);
  const around = `${head}\n${tail}`;
  const place = piece.places.get(around) ?? forms.placeOf(head + piece.form + tail);
  piece.places.set(around, place);
  return place;
}

function pieceOf(text: string, { pieces }: Forms): Piece {
  const known = pieces.get(text);
  if (known !== undefined) return known;
  const numbers: string[] = [];
  const fresh = { form: takeNumbers(text, numbers), numbers, places: new Map() };
  pieces.set(text, fresh);
  return fresh;
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
