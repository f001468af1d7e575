/** Why a clause does not hold, for people: what was looked for, and what came nearest. */
import type { Clause, Pattern, Range } from '../lessons/expectation.ts';
import type { Event } from '../model/event.ts';
import {
  allLike,
  bytesOf,
  distinct,
  like,
  listed,
  listedGiven,
  saying,
  windowsOf,
  type Elsewhere,
} from './clause.ts';
import { misfits, type Bindings } from './match.ts';

export interface WhyNot {
  readonly text: string;
  /** The events that the text is about. */
  readonly events: Event[];
}

export function whyNot(
  clause: Clause,
  events: readonly Event[],
  bindings: Bindings,
  elsewhere: Elsewhere,
): WhyNot {
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
      text: `${found.length} × ${words(clause.count)}, expected ${sayRange(clause.is)}`,
      events: found.slice(0, 5),
    };
  }
  if ('each' in clause) {
    for (const way of allLike(clause.each, events, bindings)) {
      if (allLike(clause.has, events, way.bindings).next().value !== undefined) continue;
      return { text: `${words(clause.each)} without its ${words(clause.has)}`, events: [...way.events] };
    }
  }
  if ('sameIn' in clause) return otherwise(clause, events, elsewhere);
  if ('holds' in clause) {
    for (const { window, bindings: known } of windowsOf(clause, events, bindings))
      return whyNot(clause.holds, window, known, elsewhere);
    const begin = allLike(clause.after, events, bindings).next().value;
    return begin === undefined
      ? nearest(clause.after, events, bindings)
      : nearest(clause.before, events, begin.bindings);
  }
  if ('list' in clause) {
    const found = listed(clause, events, bindings);
    const values = found.map(({ value }) => value).join(', ') || 'nothing';
    return {
      text: `saw ${values}; expected ${clause.is.join(', ')}`,
      events: found.map(({ event }) => event),
    };
  }
  if ('distinct' in clause) {
    const found = distinct(clause, events, bindings);
    const [least, most] = [clause.atLeast, clause.atMost ?? Infinity];
    const expected = most === Infinity ? `≥ ${least}` : `${least} to ${most}`;
    return {
      text: `${found.size} different values of ${clause.field} in ${words(clause.distinct)}, expected ${expected}`,
      events: [...found.values()].slice(0, 5),
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

/** The first place where the two variants part. */
function otherwise(
  clause: Extract<Clause, { sameIn: string }>,
  events: readonly Event[],
  elsewhere: Elsewhere,
): WhyNot {
  const [here, there] = [listedGiven(clause, events), listedGiven(clause, elsewhere(clause.sameIn))];
  const say = (event: Event | undefined) => (event ? saying(event, clause.fields) : 'nothing more');
  const n = Array.from({ length: Math.max(here.length, there.length) }, (_, index) => index).find(
    (index) => say(here[index]) !== say(there[index]),
  );
  const text = `${words(clause.list)} no. ${(n ?? 0) + 1}: ${say(here[n ?? 0])}; with ${clause.sameIn}: ${say(there[n ?? 0])}`;
  return { text, events: here.slice(n ?? 0, (n ?? 0) + 1) };
}

/** The event that fits all but the fewest fields. */
function nearest(pattern: Pattern, events: readonly Event[], bindings: Bindings): WhyNot {
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
  if (match === null) return 'none';
  if (typeof match !== 'object') return String(match);
  if ('path' in match) return match.path.join(' → ');
  if ('begins' in match) return `${match.begins}*`;
  if ('oneOf' in match) return match.oneOf.join(' or ');
  return 'not' in match ? `not ${match.not}` : sayRange(match);
}

function sayRange(range: number | Range): string {
  if (typeof range === 'number') return String(range);
  const { atLeast, atMost } = range;
  if (atMost === undefined) return `≥ ${atLeast ?? 0}`;
  return atLeast === undefined ? `≤ ${atMost}` : `${atLeast} to ${atMost}`;
}
