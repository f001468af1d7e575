/** What every explanation looks like, and the form of the tables. */

/** A flag, option, errno or constant on a line. */
export interface Word {
  readonly word: string;
  readonly means: string;
  readonly source: string;
}

/**
 * `text` is a sentence without its subject (the program, or the host that sends the packet) and without a full stop:
 * `asks 10.0.0.2 port 9000 for a connection`. `source` is a manual page or an RFC. `words` keep the order of the line.
 */
export interface Explanation {
  readonly text: string;
  readonly source: string;
  readonly words: readonly Word[];
}

export type Entry = readonly [means: string, source: string];
export type Entries = Readonly<Record<string, Entry>>;

/** Names that follow a rule: `$1` in `means` is what the form's parentheses caught. */
export type Family = readonly [form: RegExp, means: string, source: string];

/** Entries that share their source: `from('open(2)', { O_RDONLY: '…' })`. */
export const from = (source: string, meanings: Readonly<Record<string, string>>): Entries =>
  Object.fromEntries(Object.entries(meanings).map(([word, means]) => [word, [means, source] as const]));

/** A table's own row, never what every object has (`constructor`). */
export const lookUp = <T>(table: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;

export const asWord = (word: string, [means, source]: Entry): Word => ({ word, means, source });
