/** A growing table of the few hundred names a log uses, so that columns hold numbers. Number 0 is the empty name. */
export interface Names {
  readonly list: string[];
  readonly numbers: Map<string, number>;
  /** What was found last in each of 1024 slots: a name's number, length and words (of four bytes each). */
  readonly slots: Int32Array;
}

const slotBits = 10;
const slotSize = 8;

/** Numbers must fit 16 bits; a log with more names (none of strace has) gets number 0 for the rest. */
const most = 60_000;

export function createNames(): Names {
  return { list: [''], numbers: new Map([['', 0]]), slots: new Int32Array(slotSize << slotBits) };
}

/**
 * The number of the name at `[from, to)`, at least three bytes long and with sixteen more behind it. A name of up to
 * sixteen bytes that was seen before is known by its words, which are compared in full; no string is made.
 */
export function numberAt(names: Names, view: DataView, from: number, to: number): number {
  const { slots } = names;
  const length = to - from;
  const first = view.getInt32(from, true);
  const second = length > 4 ? view.getInt32(from + 4, true) : 0;
  const third = length > 12 ? view.getInt32(from + 8, true) : 0;
  const last = length > 4 ? view.getInt32(to - 4, true) : 0;
  const hash = Math.imul(first ^ Math.imul(last, 0x85ebca6b), 0x9e3779b1);
  const slot = (hash >>> (32 - slotBits)) * slotSize;
  if (
    slots[slot + 1] === length &&
    slots[slot + 2] === first &&
    slots[slot + 3] === last &&
    (length <= 8 || slots[slot + 4] === second) &&
    slots[slot + 5] === third &&
    length <= 16
  ) {
    return slots[slot] ?? 0;
  }
  const number = numberOf(names, textOf(view, from, to));
  slots[slot] = number;
  slots[slot + 1] = length;
  slots[slot + 2] = first;
  slots[slot + 3] = last;
  slots[slot + 4] = second;
  slots[slot + 5] = third;
  return number;
}

/** The number of a name, which is added if it is new. */
export function numberOf(names: Names, text: string): number {
  const known = names.numbers.get(text);
  if (known !== undefined) return known;
  if (names.list.length >= most) return 0;
  names.numbers.set(text, names.list.length);
  return names.list.push(text) - 1;
}

function textOf(view: DataView, from: number, to: number): string {
  let text = '';
  for (let at = from; at < to; at++) text += String.fromCharCode(view.getUint8(at));
  return text;
}
