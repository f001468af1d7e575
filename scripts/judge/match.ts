/** Does an event fit a pattern, with the values that `$names` have so far? (Patterns: lessons/expectation.ts) */
import type { Match, Pattern, Range } from '../lessons/expectation.ts';
import type { Event } from '../model/event.ts';
import type { IcmpPacket } from '../model/packet.ts';
import { holdsPath } from '../parse/kernel-functions.ts';
import { isJavaScript } from '../parse/user-stack.ts';

/** What `$names` stand for. */
export type Bindings = ReadonlyMap<string, string>;

/** Text, number, truth, or a list of texts of which one must fit; nothing else is matched. */
type Fact = unknown;

/** @returns the bindings with this event's values added, or undefined where it does not fit */
export function fit(event: Event, pattern: Pattern, bindings: Bindings): Bindings | undefined {
  if (event.kind !== pattern.kind) return undefined;
  const facts = factsOf(event);
  let known: Bindings | undefined = bindings;
  for (const [name, match] of Object.entries(pattern.fields)) {
    known = known && agree(facts[name], match, known);
  }
  return known;
}

/** The fields of a pattern that an event does not fit, each as `name is value`. */
export function misfits(event: Event, pattern: Pattern, bindings: Bindings): string[] {
  const facts = factsOf(event);
  return Object.entries(pattern.fields).flatMap(([name, match]) =>
    agree(facts[name], match, bindings) === undefined ? [`${name} is ${show(facts[name])}`] : [],
  );
}

/** An event's own fields, and those that patterns may name beside them. */
export function factsOf(event: Event): Readonly<Record<string, Fact>> {
  if (event.kind === 'call') {
    const { atNs, untilNs, durationNs, userStack } = event;
    return {
      ...event,
      ...(untilNs !== undefined && { lastedMs: (untilNs - atNs) / 1e6 }),
      ...(durationNs !== undefined && { tookMs: durationNs / 1e6 }),
      ...(userStack && { fromJavaScript: userStack.some(isJavaScript) }),
    };
  }
  if (event.kind === 'kernel') return { ...event.fields, ...event };
  if (event.kind !== 'packet') return event;
  const { packet, sightings, cause, repeats, from, to, host, receivedBy } = event;
  const logged = sightings.filter(({ hook }) => hook !== 'wire').map((seen) => `${seen.host} ${seen.hook}`);
  return {
    ...packet,
    ...{ event: event.id, from, to, sender: host, logged },
    ...{ by: cause?.by, answers: cause?.event, within: cause?.within },
    repeated: repeats !== undefined,
    taken: receivedBy !== undefined,
    ...(packet.protocol === 'icmp' && packet.inner && quotedBy(packet.inner)),
  };
}

const quotedBy = ({ src, sport, dst, dport }: NonNullable<IcmpPacket['inner']>) => ({
  quotedFrom: `${src}:${sport}`,
  quotedTo: `${dst}:${dport}`,
});

function agree(fact: Fact, match: Match, bindings: Bindings): Bindings | undefined {
  if (match === null) return fact === undefined ? bindings : undefined;
  if (typeof match === 'object' && 'path' in match)
    return isStack(fact) && holdsPath(fact, match.path) ? bindings : undefined;
  if (Array.isArray(fact)) {
    for (const one of fact) {
      const found = agree(one, match, bindings);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (typeof match === 'string') return isPlain(fact) ? unify(String(fact), match, bindings) : undefined;
  if (typeof match !== 'object') return fact === match ? bindings : undefined;
  if ('begins' in match)
    return typeof fact === 'string' && fact.startsWith(match.begins) ? bindings : undefined;
  if ('oneOf' in match) return match.oneOf.some((one) => one === fact) ? bindings : undefined;
  if ('not' in match) {
    const other = typeof match.not === 'string' ? (bindings.get(match.not) ?? match.not) : match.not;
    return isPlain(fact) && String(fact) !== String(other) ? bindings : undefined;
  }
  return typeof fact === 'number' && isWithin(fact, match) ? bindings : undefined;
}

export const isWithin = (value: number, { atLeast = -Infinity, atMost = Infinity }: Range): boolean =>
  atLeast <= value && value <= atMost;

/** A text with `$names` in it against a text: each name takes as little as makes the rest fit. */
function unify(fact: string, match: string, bindings: Bindings): Bindings | undefined {
  if (!match.includes('$')) return fact === match ? bindings : undefined;
  const names: string[] = [];
  const source = match
    .split(/(\$[a-z]\w*)/i)
    .map((part) => {
      if (!/^\$[a-z]/i.test(part)) return RegExp.escape(part);
      const known = bindings.get(part);
      if (known !== undefined) return RegExp.escape(known);
      names.push(part);
      return '(.*?)';
    })
    .join('');
  const found = new RegExp(`^${source}$`, 's').exec(fact);
  if (found === null) return undefined;
  if (names.length === 0) return bindings;
  const more = new Map(bindings);
  for (const [index, name] of names.entries()) {
    const value = found[index + 1] ?? '';
    if ((more.get(name) ?? value) !== value) return undefined;
    more.set(name, value);
  }
  return more;
}

const isStack = (fact: Fact): fact is string[] =>
  Array.isArray(fact) && fact.every((one) => typeof one === 'string');

export const isPlain = (fact: Fact): fact is string | number | boolean =>
  typeof fact === 'string' || typeof fact === 'number' || typeof fact === 'boolean';

const show = (fact: Fact): string => (isPlain(fact) ? String(fact).slice(0, 60) : 'not there');
