/**
 * What must be seen, and what must not: patterns over the events of one scene, stated before looking.
 *
 * A pattern names fields of an event and what each must be. A text or number must be equal. `$name` stands for
 * any value, but for the same value everywhere in one expectation; it may also stand inside a text
 * (`packet-written: bytes=$n`). So an expectation is a small equation: *some* value of each `$name` must satisfy
 * every clause.
 */
import type { Event, StepName } from '../model/event.ts';

/** agrees: as the article says. differs: this runtime or kernel does it otherwise. refutes: the article is wrong. */
export type Stance = 'agrees' | 'differs' | 'refutes';

export interface Expectation {
  readonly stance: Stance;
  /** In the words of the ledger: what is expected here. */
  readonly what: string;
  /** Where the stance is not `agrees`: what is otherwise, and why. */
  readonly why?: string;
  /** The scene it is about; `main` where nothing is said. */
  readonly scene?: string;
  readonly clauses: readonly Clause[];
}

export type Clause =
  /** Some event is like this. */
  | { readonly see: Pattern }
  /** Some events are like these, each later than the one before. */
  | { readonly inOrder: readonly Pattern[] }
  /** Between the fences no event is like this; counts only if the recorders lost nothing. */
  | { readonly never: Pattern }
  /** So many events are like this. */
  | { readonly count: Pattern; readonly is: number | Range }
  /** For every event like the first there is one like the second. */
  | { readonly each: Pattern; readonly has: Pattern }
  /** All events like this, in order, have these values in the field; a neighbour like `fold` again counts once. */
  | { readonly list: Pattern; readonly field: string; readonly is: readonly string[]; readonly fold?: string }
  /**
   * All events like this, in order, have the same values in the fields as those of another variant, same scene.
   * `given` is what gives the `$names` in the list their values, in each of the two.
   */
  | {
      readonly given: Pattern;
      readonly list: Pattern;
      readonly fields: readonly string[];
      readonly sameIn: string;
    }
  /** What the clause says holds of the events after the first and before the second. */
  | { readonly after: Pattern; readonly before: Pattern; readonly holds: Clause }
  /** Events like this have so many different values in the field. */
  | { readonly distinct: Pattern; readonly field: string; readonly atLeast: number; readonly atMost?: number }
  /** The bytes of all events like the first, put together, are those of all events like the second. */
  | { readonly sameBytes: readonly [Pattern, Pattern] }
  /** The second event comes at least so much later than the first. */
  | { readonly earlier: Pattern; readonly later: Pattern; readonly atLeastMs: number };

export interface Pattern {
  readonly kind: Event['kind'];
  readonly fields: Fields;
}

export type Fields = Readonly<Record<string, Match>>;

/** `null`: the event has no such field. A `$name` after `not` is a value that another event has. */
export type Match =
  string | number | boolean | null | OneOf | Path | Begins | { readonly not: string | number } | Range;

/** A number between these, both included. */
export interface Range {
  readonly atLeast?: number;
  readonly atMost?: number;
}

interface OneOf {
  readonly oneOf: readonly (string | number)[];
}

/** These functions stand on the stack in this order, others between them; a kernel's own names for them count. */
interface Path {
  readonly path: readonly string[];
}

/** A text that begins so. */
interface Begins {
  readonly begins: string;
}

/**
 * A system call; `step` is the step of the sockets API that it is, whatever its name. Beside the event's own fields:
 * `lastedMs`, from its entry to the next line of its thread, an upper bound; `tookMs`, as strace measured it; in a scene with stacks `userStack`, the program's functions
 * from the outermost to the call (see `through`), and `fromJavaScript`, whether one of them is JavaScript's.
 */
export const call = (fields: { step?: StepName | OneOf; host?: string } & Fields): Pattern => ({
  kind: 'call',
  fields,
});

/**
 * A packet: the fields of its headers (model/packet.ts); and `event` (its id), `sender` (a host), `from` and `to`, `by`
 * (the step that caused it), `answers` (the event that caused it), `within`, `repeated`, `taken` (a receive returned it), `logged` (`client OUTPUT`: it passed this
 * LOG rule), and of an ICMP error `quotedFrom` and `quotedTo`, the addresses of the packet it is about.
 */
export const packet = (fields: Fields): Pattern => ({ kind: 'packet', fields });

/** Does the pattern ask for what `strace -k` adds to a call? */
export const asksForStack = ({ fields }: Pattern): boolean =>
  'userStack' in fields || 'fromJavaScript' in fields;

/** A line on a program's standard output. */
export const printed = (host: string, text: string): Pattern => ({
  kind: 'output',
  fields: { host, stream: 'stdout', text },
});

/** A line on a program's standard error. */
export const complained = (host: string, text: string): Pattern => ({
  kind: 'output',
  fields: { host, stream: 'stderr', text },
});

/** The main thread of a program ended by itself with this status. */
export const exits = (host: string, status: number): Pattern => ({ kind: 'exit', fields: { host, status } });

/** A counter of the host that has changed since the story began, and by how much: `Udp.RcvbufErrors`. */
export const counter = (fields: Fields): Pattern => ({ kind: 'counter', fields });
/**
 * Something the kernel did. Beside the event's own fields: those of its tracepoint (`oldstate`, `newstate`, `reason`),
 * `under` (the step on whose stack it happened), `call` (that call), `stack` (from the call inwards up to the softirq; see
 * `through`), `beyond`.
 */
export const kernel = (fields: Fields): Pattern => ({ kind: 'kernel', fields });

/** A stack that passes these functions in this order, from the outside inwards. */
export const through = (...path: string[]): Path => ({ path });

/** A row of a host's socket table at a moment of the story. */
export const socketRow = (fields: Fields): Pattern => ({ kind: 'socket', fields });

export const agrees = (what: string, ...clauses: Clause[]): Expectation => ({
  stance: 'agrees',
  what,
  clauses,
});

export const differs = (what: string, why: string, ...clauses: Clause[]): Expectation => ({
  stance: 'differs',
  what,
  why,
  clauses,
});

export const refutes = (what: string, why: string, ...clauses: Clause[]): Expectation => ({
  stance: 'refutes',
  what,
  why,
  clauses,
});

/** The same expectation, of another scene than `main`. */
export const inScene = (scene: string, expectation: Expectation): Expectation => ({ ...expectation, scene });
