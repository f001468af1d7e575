/** One clause of an expectation against a timeline. */
import type { Clause, Pattern, Range } from '../lessons/expectation.ts';
import type { Event } from '../model/event.ts';
import { factOf, fit, isPlain, isWithin, type Bindings } from './match.ts';

/** A way in which a clause holds: the values that names got, and the events that show it. */
export interface Holds {
  readonly bindings: Bindings;
  readonly events: readonly Event[];
}

/** The same scene in other variants: their events. */
export type Elsewhere = (variant: string) => readonly Event[];

/** Every way in which the clause holds; none if it does not. */
export function* waysOf(
  clause: Clause,
  events: readonly Event[],
  bindings: Bindings,
  elsewhere: Elsewhere,
): Generator<Holds> {
  if ('see' in clause) {
    yield* allLike(clause.see, events, bindings);
  } else if ('inOrder' in clause) {
    yield* ordered(clause.inOrder, events, bindings);
  } else if ('never' in clause) {
    if (like(clause.never, events, bindings).length === 0) yield { bindings, events: [] };
  } else if ('count' in clause) {
    const found = like(clause.count, events, bindings);
    if (isSoMany(found.length, clause.is)) yield { bindings, events: found };
  } else if ('each' in clause) {
    const ways = [...allLike(clause.each, events, bindings)];
    const answers = ways.map((way) => allLike(clause.has, events, way.bindings).next().value);
    if (answers.every((answer) => answer !== undefined)) {
      yield { bindings, events: [...ways, ...answers].flatMap((way) => way.events) };
    }
  } else if ('sameIn' in clause) {
    const [here, there] = [events, elsewhere(clause.sameIn)].map((all) => listedGiven(clause, all));
    const said = (found: readonly Event[] = []) =>
      found.map((event) => saying(event, clause.fields)).join('\n');
    if (here !== undefined && here.length > 0 && said(here) === said(there)) yield { bindings, events: here };
  } else if ('holds' in clause) {
    const ways = windowsOf(clause, events, bindings);
    for (const { window, events: bounds, bindings: known } of ways) {
      for (const way of waysOf(clause.holds, window, known, elsewhere))
        yield { bindings: way.bindings, events: [...bounds, ...way.events] };
    }
  } else if ('list' in clause) {
    const found = listed(clause, events, bindings);
    if (found.map(({ value }) => value).join('\n') === clause.is.join('\n')) {
      yield { bindings, events: found.map(({ event }) => event) };
    }
  } else if ('distinct' in clause) {
    const found = distinct(clause, events, bindings);
    if (found.size >= clause.atLeast && found.size <= (clause.atMost ?? Infinity))
      yield { bindings, events: [...found.values()] };
  } else if ('sameBytes' in clause) {
    const [one, other] = clause.sameBytes;
    if (bytesOf(one, events, bindings) === bytesOf(other, events, bindings)) {
      yield { bindings, events: [one, other].flatMap((pattern) => like(pattern, events, bindings)) };
    }
  } else if ('earlier' in clause) {
    for (const first of allLike(clause.earlier, events, bindings)) {
      for (const second of allLike(clause.later, events, first.bindings)) {
        const [from, to] = [first.events[0], second.events[0]];
        if (from !== undefined && to !== undefined && to.atNs - from.atNs >= clause.atLeastMs * 1e6) {
          yield { bindings: second.bindings, events: [from, to] };
        }
      }
    }
  }
}

/** What lies after an event like the first and before the next one like the second. */
export function* windowsOf(
  clause: Extract<Clause, { holds: Clause }>,
  events: readonly Event[],
  bindings: Bindings,
): Generator<Holds & { window: readonly Event[] }> {
  for (const first of allLike(clause.after, events, bindings)) {
    const [begin] = first.events;
    const behind = events.slice(begin === undefined ? 0 : events.indexOf(begin) + 1);
    const second = allLike(clause.before, behind, first.bindings).next().value;
    const [end] = second?.events ?? [];
    if (begin === undefined || second === undefined || end === undefined) continue;
    const window = behind.slice(0, behind.indexOf(end));
    yield { window, bindings: second.bindings, events: [begin, end] };
  }
}

export const isSoMany = (count: number, is: number | Range): boolean =>
  typeof is === 'number' ? count === is : isWithin(count, is);

export function listedGiven(
  { given, list }: Extract<Clause, { sameIn: string }>,
  events: readonly Event[],
): Event[] {
  const known = allLike(given, events, new Map()).next().value;
  return known === undefined ? [] : like(list, events, known.bindings);
}

/** Some fields of an event, for comparing it with another. */
export const saying = (event: Event, fields: readonly string[]): string =>
  fields
    .map((field) => factOf(event, field))
    .map((fact) => (isPlain(fact) ? String(fact) : '–'))
    .join(' ');

export function* allLike(pattern: Pattern, events: readonly Event[], bindings: Bindings): Generator<Holds> {
  for (const event of events) {
    const found = fit(event, pattern, bindings);
    if (found !== undefined) yield { bindings: found, events: [event] };
  }
}

export const like = (pattern: Pattern, events: readonly Event[], bindings: Bindings): Event[] =>
  events.filter((event) => fit(event, pattern, bindings) !== undefined);

function* ordered(
  patterns: readonly Pattern[],
  events: readonly Event[],
  bindings: Bindings,
): Generator<Holds> {
  const [pattern, ...more] = patterns;
  if (pattern === undefined) {
    yield { bindings, events: [] };
    return;
  }
  for (const first of allLike(pattern, events, bindings)) {
    const at = first.events[0] === undefined ? 0 : events.indexOf(first.events[0]) + 1;
    for (const rest of ordered(more, events.slice(at), first.bindings)) {
      yield { bindings: rest.bindings, events: [...first.events, ...rest.events] };
    }
  }
}

export function listed(
  clause: Extract<Clause, { list: Pattern; field: string }>,
  events: readonly Event[],
  bindings: Bindings,
) {
  const found: { event: Event; value: string }[] = [];
  for (const event of like(clause.list, events, bindings)) {
    const value = String(factOf(event, clause.field));
    const again = event.kind === 'packet' && event.repeats !== undefined && value === clause.fold;
    if (!again) found.push({ event, value });
  }
  return found;
}

/** The first event with each value of the field. */
export function distinct(
  clause: Extract<Clause, { distinct: Pattern }>,
  events: readonly Event[],
  bindings: Bindings,
): Map<string, Event> {
  const found = new Map<string, Event>();
  for (const event of like(clause.distinct, events, bindings)) {
    const value = String(factOf(event, clause.field));
    if (!found.has(value)) found.set(value, event);
  }
  return found;
}

export function bytesOf(pattern: Pattern, events: readonly Event[], bindings: Bindings): string {
  return like(pattern, events, bindings)
    .map((event) => {
      if (event.kind === 'call') return event.data ?? '';
      const packet = event.kind === 'packet' ? event.packet : undefined;
      return packet !== undefined && 'payload' in packet ? (packet.payload ?? '') : '';
    })
    .join('');
}

/** What the words of the expectation do not say of a clause that holds: the list itself, and what was folded. */
export function remarkOn(clause: Clause, events: readonly Event[]): string[] {
  if ('distinct' in clause) {
    const calls = like(clause.distinct, events, new Map()).length;
    return [`${distinct(clause, events, new Map()).size} functions, ${calls} calls`];
  }
  if (!('list' in clause) || 'sameIn' in clause) return [];
  const folded = like(clause.list, events, new Map()).length - clause.is.length;
  const again = folded > 0 ? ` (${folded} repeated ${clause.fold ?? ''} folded)` : '';
  return [clause.is.join(', ') + again];
}
