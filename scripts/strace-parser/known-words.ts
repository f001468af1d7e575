/**
 * The same few hundred words and decorations stand on millions of lines: each is made once, and found again by a hash of
 * its characters and a comparison of all of them. Slots are fixed, so a log of ever new words costs no memory.
 */
import { copyOf } from './latin1.ts';

export interface KnownWords<Meaning> {
  /** What the word of `text` at `[start, end)` means. `hash` is any number that is the same for the same word. */
  read(text: string, start: number, end: number, hash: number): Meaning;
}

const slots = 2048;

/** `mean` is asked for a word's meaning when the word is new, or has lost its slot to another. */
export function createKnownWords<Meaning>(mean: (word: string) => Meaning): KnownWords<Meaning> {
  const words = Array.from({ length: slots }, () => '');
  const meanings: (Meaning | undefined)[] = Array.from({ length: slots });
  return {
    read(text, start, end, hash) {
      const slot = hash & (slots - 1);
      const known = meanings[slot];
      const word = words[slot] ?? '';
      if (known !== undefined && word.length === end - start && text.startsWith(word, start)) return known;
      const found = copyOf(text.slice(start, end));
      const meaning = mean(found);
      words[slot] = found;
      meanings[slot] = meaning;
      return meaning;
    },
  };
}
