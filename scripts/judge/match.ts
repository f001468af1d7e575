/** Does an event fit a pattern, with the values that `$names` have so far? (Patterns: lessons/expectation.ts) */
import type { Match, Pattern, Range } from '../lessons/expectation.ts';
import type { CallEvent, Event, PacketEvent } from '../model/event.ts';
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
  let known: Bindings | undefined = bindings;
  for (const [name, match] of Object.entries(pattern.fields)) {
    known = agree(factOf(event, name), match, known);
    if (known === undefined) return undefined;
  }
  return known;
}

/** The fields of a pattern that an event does not fit, each as `name is value`. */
export function misfits(event: Event, pattern: Pattern, bindings: Bindings): string[] {
  return Object.entries(pattern.fields).flatMap(([name, match]) =>
    agree(factOf(event, name), match, bindings) === undefined
      ? [`${name} is ${show(factOf(event, name))}`]
      : [],
  );
}

/** A field of an event, or what patterns may name beside those. */
export function factOf(event: Event, name: string): Fact {
  switch (event.kind) {
    case 'call':
      return callFact(event, name);
    case 'packet':
      return packetFact(event, name);
    case 'kernel':
      return own(event, name) ?? own(event.fields, name);
    case 'output':
    case 'signal':
    case 'exit':
    case 'socket':
    case 'counter':
      return own(event, name);
    default:
      return event satisfies never;
  }
}

const own = (object: object, name: string): Fact =>
  Object.hasOwn(object, name) ? Reflect.get(object, name) : undefined;

function callFact(event: CallEvent, name: string): Fact {
  const { atNs, untilNs, durationNs, userStack } = event;
  switch (name) {
    case 'lastedMs':
      return untilNs === undefined ? undefined : (untilNs - atNs) / 1e6;
    case 'tookMs':
      return durationNs === undefined ? undefined : durationNs / 1e6;
    case 'fromJavaScript':
      return userStack?.some(isJavaScript);
    default:
      return own(event, name);
  }
}

function packetFact(event: PacketEvent, name: string): Fact {
  const { packet, sightings, cause, repeats, receivedBy } = event;
  switch (name) {
    case 'event':
      return event.id;
    case 'from':
    case 'to':
      return event[name];
    case 'sender':
      return event.host;
    case 'logged':
      return sightings.filter(({ hook }) => hook !== 'wire').map((seen) => `${seen.host} ${seen.hook}`);
    case 'by':
    case 'within':
      return cause?.[name];
    case 'answers':
      return cause?.event;
    case 'repeated':
      return repeats !== undefined;
    case 'taken':
      return receivedBy !== undefined;
    case 'quotedFrom':
    case 'quotedTo':
      return packet.protocol === 'icmp' && packet.inner ? quotedBy(packet.inner)[name] : undefined;
    default:
      return own(packet, name);
  }
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
