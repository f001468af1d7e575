/** One clause of an expectation against a timeline. */
import type { Clause, Pattern } from '../lessons/expectation.ts';
import type { Event } from '../model/event.ts';
import { factsOf, fit, misfits, type Bindings } from './match.ts';

/** A way in which a clause holds: the values that names got, and the events that show it. */
export interface Holds {
  readonly bindings: Bindings;
  readonly events: readonly Event[];
}

/** Every way in which the clause holds; none if it does not. */
export function* waysOf(clause: Clause, events: readonly Event[], bindings: Bindings): Generator<Holds> {
  if ('see' in clause) {
    yield* allLike(clause.see, events, bindings);
  } else if ('inOrder' in clause) {
    yield* ordered(clause.inOrder, events, bindings);
  } else if ('never' in clause) {
    if (like(clause.never, events, bindings).length === 0) yield { bindings, events: [] };
  } else if ('count' in clause) {
    const found = like(clause.count, events, bindings);
    if (found.length === clause.is) yield { bindings, events: found };
  } else if ('each' in clause) {
    const ways = [...allLike(clause.each, events, bindings)];
    const answers = ways.map((way) => allLike(clause.has, events, way.bindings).next().value);
    if (answers.every((answer) => answer !== undefined)) {
      yield { bindings, events: [...ways, ...answers].flatMap((way) => way.events) };
    }
  } else if ('list' in clause) {
    const found = listed(clause, events, bindings);
    if (found.map(({ value }) => value).join('\n') === clause.is.join('\n')) {
      yield { bindings, events: found.map(({ event }) => event) };
    }
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

function* allLike(pattern: Pattern, events: readonly Event[], bindings: Bindings): Generator<Holds> {
  for (const event of events) {
    const found = fit(event, pattern, bindings);
    if (found !== undefined) yield { bindings: found, events: [event] };
  }
}

const like = (pattern: Pattern, events: readonly Event[], bindings: Bindings): Event[] =>
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

function listed(clause: Extract<Clause, { list: Pattern }>, events: readonly Event[], bindings: Bindings) {
  const found: { event: Event; value: string }[] = [];
  for (const event of like(clause.list, events, bindings)) {
    const value = String(factsOf(event)[clause.field]);
    const again = event.kind === 'packet' && event.repeats !== undefined && value === clause.fold;
    if (!again) found.push({ event, value });
  }
  return found;
}

function bytesOf(pattern: Pattern, events: readonly Event[], bindings: Bindings): string {
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
  if (!('list' in clause)) return [];
  const folded = like(clause.list, events, new Map()).length - clause.is.length;
  const again = folded > 0 ? ` (${folded} repeated ${clause.fold ?? ''} folded)` : '';
  return [clause.is.join(', ') + again];
}

/** Why a clause does not hold, in words: what was looked for, and what came nearest. */
export function whyNot(
  clause: Clause,
  events: readonly Event[],
  bindings: Bindings,
): { text: string; events: Event[] } {
  if ('see' in clause) return nearest(clause.see, events, bindings);
  if ('inOrder' in clause) {
    let [after, known] = [events, bindings];
    for (const pattern of clause.inOrder) {
      const [found] = allLike(pattern, after, known);
      const [event] = found?.events ?? [];
      if (found === undefined || event === undefined) return nearest(pattern, events, known);
      known = found.bindings;
      after = after.slice(after.indexOf(event) + 1);
    }
    return { text: 'not in this order', events: [] };
  }
  if ('never' in clause) {
    const found = like(clause.never, events, bindings);
    return { text: `${found.length} × ${words(clause.never)}, none was expected`, events: found.slice(0, 5) };
  }
  if ('count' in clause) {
    const found = like(clause.count, events, bindings);
    return {
      text: `${found.length} × ${words(clause.count)}, expected ${clause.is}`,
      events: found.slice(0, 5),
    };
  }
  if ('each' in clause) {
    for (const way of allLike(clause.each, events, bindings)) {
      if (allLike(clause.has, events, way.bindings).next().value !== undefined) continue;
      return { text: `${words(clause.each)} without its ${words(clause.has)}`, events: [...way.events] };
    }
  }
  if ('list' in clause) {
    const found = listed(clause, events, bindings);
    const values = found.map(({ value }) => value).join(', ') || 'nothing';
    return {
      text: `saw ${values}; expected ${clause.is.join(', ')}`,
      events: found.map(({ event }) => event),
    };
  }
  if ('sameBytes' in clause) {
    const [one, other] = clause.sameBytes.map((pattern) => bytesOf(pattern, events, bindings));
    const [first, second] = clause.sameBytes;
    return {
      text: `${words(first)} carried ${one?.length ?? 0} bytes, ${words(second)} ${other?.length ?? 0} bytes, or others`,
      events: [...like(first, events, bindings), ...like(second, events, bindings)].slice(0, 6),
    };
  }
  if ('earlier' in clause)
    return { text: `not ${clause.atLeastMs} ms apart`, events: like(clause.later, events, bindings) };
  return { text: 'no recorder for it', events: [] };
}

/** The event that fits all but the fewest fields. */
function nearest(
  pattern: Pattern,
  events: readonly Event[],
  bindings: Bindings,
): { text: string; events: Event[] } {
  const asked = words(pattern);
  const candidates = events
    .filter(({ kind }) => kind === pattern.kind)
    .map((event) => ({ event, wrong: misfits(event, pattern, bindings) }))
    .filter(({ wrong }) => wrong.length <= Math.max(1, Object.keys(pattern.fields).length / 2));
  const best = candidates.toSorted((one, other) => one.wrong.length - other.wrong.length)[0];
  if (best === undefined) return { text: `no ${asked} was seen`, events: [] };
  return { text: `no ${asked} was seen; nearest: ${best.wrong.join(', ')}`, events: [best.event] };
}

/** `client connect (protocol tcp, address 10.0.0.2:9000)`. */
export function words(pattern: Pattern): string {
  const { host, step, name, sender, logged, text, ...rest } = pattern.fields;
  const what = [step ?? name ?? (text === undefined ? undefined : `line '${say(text)}'`)].map((one) =>
    one === undefined ? pattern.kind : say(one),
  );
  const where = [host ?? sender ?? logged].map((one) => (one === undefined ? '' : `${say(one)} `));
  const details = Object.entries(rest)
    .filter(([key, match]) => key !== 'stream' && !(typeof match === 'string' && /^\$\w+$/.test(match)))
    .map(([key, match]) => `${key} ${say(match)}`);
  return `${where.join('')}${what.join('')}${details.length > 0 ? ` (${details.join(', ')})` : ''}`;
}

function say(match: Pattern['fields'][string]): string {
  if (typeof match !== 'object') return String(match);
  if ('oneOf' in match) return match.oneOf.join(' or ');
  return 'not' in match ? `not ${match.not}` : `≥ ${match.atLeast}`;
}
