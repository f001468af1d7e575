/**
 * What reading a mangled name is made of. It is read into terms, for what a piece of it means depends on where it stands:
 * S3_ may be the T_ that was read before, and T_ is another type in each function.
 */

/** A type as C++ writes it, around what is declared: `void (*` … `)(int)`. */
export interface Type {
  readonly before: string;
  readonly after: string;
  /** A pointer to it needs parentheses: `void (*)(int)`, `int (*) [3]`. */
  readonly open?: 'function' | 'array';
  readonly reference?: { readonly sign: '&' | '&&'; readonly to: Type };
}

/** A parameter pack is as many types as were given for it. */
export type Term = (scope: Scope) => Type | readonly Type[];

export interface Scope {
  /** What T_, T0_, T1_ … are; undefined outside of a template. */
  readonly template?: { readonly args: readonly Term[]; readonly outside: Scope };
  /** While a parameter pack is expanded: which of its types is wanted, and how many it turned out to have. */
  readonly pack?: { readonly index: number; size?: number };
  /** Among the parameters of a lambda T_ is `auto:1`. */
  readonly inLambda?: true;
  /** A hostile name may refer to itself again and again, and double each time. */
  readonly effort: { left: number };
}

export interface Name {
  readonly text: (scope: Scope) => string;
  /** That of its constructors, if it is a class: without its namespace. */
  readonly own: string;
  /** Of a member function: ` const`. */
  readonly qualifiers: string;
  /** If it is a template. */
  readonly args?: readonly Term[] | undefined;
  /** Neither constructor, destructor nor conversion: those return no type. */
  readonly isTyped: boolean;
  /** Whether the type that it returns is mangled, too: that of a template is. */
  readonly returns: boolean;
}

export interface State {
  readonly mangled: string;
  at: number;
  depth: number;
  /** What S_, S0_, S1_ … stand for. */
  readonly known: Known[];
  /** Types have names in them, and names types: names.ts. */
  readonly readName: (state: State) => Name;
}

export interface Known {
  readonly term: Term;
  readonly own: string;
}

/** Where the text is no mangled name, or one that is not read here. */
export class Unreadable extends Error {}

export const peek = (state: State, length = 1): string => state.mangled.slice(state.at, state.at + length);

/** Is it there? Then it is taken. */
export function skip(state: State, text: string): boolean {
  if (!state.mangled.startsWith(text, state.at)) return false;
  state.at += text.length;
  return true;
}

/** @param pattern sticky; @returns what its group matched */
export function take(state: State, pattern: RegExp): string {
  pattern.lastIndex = state.at;
  const found = pattern.exec(state.mangled);
  if (found === null) throw new Unreadable();
  state.at = pattern.lastIndex;
  return found[1] ?? '';
}

/** `_` is 0, `0_` is 1 … */
export function takeNumber(state: State, base: 10 | 36 = 10): number {
  const digits = take(state, base === 36 ? /([0-9A-Z]*)_/y : /([0-9]*)_/y);
  return digits === '' ? 0 : Number.parseInt(digits, base) + 1;
}

/** All up to an E. */
export function takeList<T>(state: State, read: (state: State) => T): T[] {
  const all: T[] = [];
  while (!skip(state, 'E')) all.push(read(state));
  return all;
}

/** For an S…_ to come. */
export function remember(state: State, term: Term, own = ''): Term {
  const counted: Term = (scope) => {
    scope.effort.left -= 1;
    if (scope.effort.left < 0) throw new Unreadable();
    return term(scope);
  };
  state.known.push({ term: counted, own });
  return counted;
}

/** A hostile name nests as deep as it is long. */
const deepest = 250;

export function deeper<T>(state: State, read: (state: State) => T): T {
  state.depth += 1;
  if (state.depth > deepest) throw new Unreadable();
  const result = read(state);
  state.depth -= 1;
  return result;
}

export const plain = (text: string): Type => ({ before: text, after: '' });

export function wordOf(words: Readonly<Record<string, string>>, key: string): string {
  const word = words[key];
  if (word === undefined) throw new Unreadable();
  return word;
}
