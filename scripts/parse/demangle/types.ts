/** Types and arguments of templates: <type>, <template-args> of the ABI. */
import { deeper, peek, plain, remember, skip, take, takeList, takeNumber, wordOf } from './state.ts';
import { Unreadable, type Known, type Name, type Scope, type State, type Term, type Type } from './state.ts';
import { builtinTypes, numberSuffixes, standardNames } from './words.ts';

export const readType = (state: State): Term => deeper(state, readAnyType);

function readAnyType(state: State): Term {
  if (skip(state, 'Dp')) return expand(readType(state));
  const builtin = take(state, /(D[isuacn]|[a-qs-z]|)/y);
  if (builtin !== '') {
    const type = plain(wordOf(builtinTypes, builtin));
    return () => type;
  }
  if (skip(state, 'P'))
    return remember(
      state,
      map(readType(state), (type) => around(type, '*')),
    );
  if (skip(state, 'R'))
    return remember(
      state,
      map(readType(state), (type) => referTo(type, '&')),
    );
  if (skip(state, 'O'))
    return remember(
      state,
      map(readType(state), (type) => referTo(type, '&&')),
    );
  const qualifiers = readQualifiers(state);
  if (qualifiers !== '') {
    // Those of a member function belong to its type, which has none without them.
    const type = skip(state, 'F') ? readFunction(state) : readType(state);
    return remember(
      state,
      map(type, (one) => qualify(one, qualifiers)),
    );
  }
  if (skip(state, 'F')) return remember(state, readFunction(state));
  if (skip(state, 'A')) return remember(state, readArray(state));
  if (skip(state, 'M')) return remember(state, readMember(state));
  if (peek(state) === 'T') return readTemplate(state, remember(state, readParameter(state)));
  if (peek(state) === 'S' && peek(state, 2) !== 'St') return readTemplate(state, readKnown(state).term);
  const { text, own } = state.readName(state);
  return remember(state, (scope) => plain(text(scope)), own);
}

/** In a list of parameters or arguments a pack is as many as it has. */
export const listOf = (terms: readonly Term[], scope: Scope): string[] =>
  terms.flatMap((term) => [term(scope)].flat().map(({ before, after }) => before + after));

export const textOf = (term: Term, scope: Scope): string => {
  const { before, after } = single(term, scope);
  return before + after;
};

/** `(int, char)` */
export function parameters(terms: readonly Term[], scope: Scope): string {
  const text = listOf(terms, scope).join(', ');
  return `(${text === 'void' ? '' : text})`;
}

/** ` const` */
export function readQualifiers(state: State): string {
  const words: Readonly<Record<string, string>> = { r: ' restrict', V: ' volatile', K: ' const' };
  const letters = take(state, /([rVK]*)/y).split('');
  return letters
    .toReversed()
    .map((letter) => words[letter])
    .join('');
}

/** What T…_ stands for. */
export function readParameter(state: State): Term {
  if (!skip(state, 'T')) throw new Unreadable();
  const number = takeNumber(state);
  return ({ template, inLambda }) => {
    if (inLambda) return plain(`auto:${number + 1}`);
    const argument = template?.args[number]?.(template.outside);
    if (argument === undefined) throw new Unreadable();
    return argument;
  };
}

/** What S…_ stands for. */
export function readKnown(state: State): Known {
  const standard = standardNames[peek(state, 2)];
  if (standard !== undefined) {
    state.at += 2;
    const type = plain(/[CD]/.test(peek(state)) ? standard.whole : standard.name);
    return { term: () => type, own: standard.own };
  }
  if (!skip(state, 'S')) throw new Unreadable();
  const known = state.known[takeNumber(state, 36)];
  if (known === undefined) throw new Unreadable();
  return known;
}

/** Of a pack the type whose turn it is. */
function single(term: Term, scope: Scope): Type {
  const argument = term(scope);
  if ('before' in argument) return argument;
  if (scope.pack === undefined) throw new Unreadable();
  scope.pack.size = argument.length;
  return argument[scope.pack.index] ?? plain('');
}

const map =
  (term: Term, change: (type: Type) => Type): Term =>
  (scope) =>
    change(single(term, scope));

const expand =
  (term: Term): Term =>
  (scope) => {
    const types: Type[] = [];
    for (;;) {
      const pack: NonNullable<Scope['pack']> = { index: types.length };
      const type = single(term, { ...scope, pack });
      if (pack.size === undefined) throw new Unreadable();
      if (types.length >= pack.size) return types;
      types.push(type);
    }
  };

function readTemplate(state: State, base: Term): Term {
  if (peek(state) !== 'I') return map(base, (type) => type);
  const args = readArguments(state);
  return remember(state, (scope) => plain(textOf(base, scope) + argumentsText(args, scope)));
}

export function readArguments(state: State): Term[] {
  if (!skip(state, 'I')) throw new Unreadable();
  return takeList(state, readArgument);
}

/** `<int, char>` */
export function argumentsText(args: readonly Term[], scope: Scope): string {
  const text = listOf(args, scope).join(', ');
  return `<${text}${text.endsWith('>') ? ' ' : ''}>`;
}

function readArgument(state: State): Term {
  if (skip(state, 'J')) {
    const pack = takeList(state, readArgument);
    return (scope) => pack.flatMap((term) => [term(scope)].flat());
  }
  if (skip(state, 'XadL_Z')) return readAddress(state);
  if (!skip(state, 'L')) return readType(state);
  const type = readType(state);
  const value = take(state, /(n?\d+)E/y).replace('n', '-');
  return (scope) => plain(literal(textOf(type, scope), value));
}

/** `&node::StreamBase::Writev` */
function readAddress(state: State): Term {
  const name = state.readName(state);
  if (name.returns) readType(state);
  takeList(state, readType);
  if (!skip(state, 'E')) throw new Unreadable();
  return (scope) => plain(`&${name.text(within(name, scope))}`);
}

/** The scope of a function: T_ in it is one of its own arguments, if it is a template. */
export const within = ({ args }: Name, scope: Scope): Scope =>
  args === undefined ? scope : { ...scope, template: { args, outside: scope } };

function literal(type: string, value: string): string {
  if (type === 'bool' && /^[01]$/.test(value)) return value === '1' ? 'true' : 'false';
  const suffix = numberSuffixes[type];
  return suffix === undefined ? `(${type})${value}` : value + suffix;
}

/** A pointer or a reference to it. */
function around({ before, after, open }: Type, sign: string): Type {
  if (open === undefined) return { before: before + sign, after };
  return { before: `${before}${open === 'array' ? ' ' : ''}(${sign}`, after: `)${after}` };
}

/** A reference to a reference is one reference: `&&` only if both are. */
function referTo(type: Type, sign: '&' | '&&'): Type {
  const { sign: inner = '&&', to = type } = type.reference ?? {};
  const both = inner === '&&' ? sign : '&';
  return { ...around(to, both), reference: { sign: both, to } };
}

const qualify = ({ before, after, open }: Type, qualifiers: string): Type =>
  open === 'function'
    ? { before, after: after + qualifiers, open }
    : { before: before + qualifiers, after, ...(open && { open }) };

function readFunction(state: State): Term {
  skip(state, 'Y'); // extern "C"
  const [returned, ...types] = takeList(state, readType);
  if (returned === undefined) throw new Unreadable();
  return (scope) => {
    const { before, after } = single(returned, scope);
    const gap = after === '' ? ' ' : '';
    return { before: before + gap, after: parameters(types, scope) + after, open: 'function' };
  };
}

function readArray(state: State): Term {
  const size = take(state, /(\d*)_/y);
  return map(readType(state), ({ before, after, open }) => ({
    ...{ before, after: ` [${size}]${open === 'array' ? after.trimStart() : after}`, open: 'array' },
  }));
}

/** A pointer to a member of a class. */
function readMember(state: State): Term {
  const owner = readType(state);
  const member = readType(state);
  return (scope) => {
    const type = single(member, scope);
    const sign = `${textOf(owner, scope)}::*`;
    return type.open === 'function' ? around(type, sign) : { ...type, before: `${type.before} ${sign}` };
  };
}
