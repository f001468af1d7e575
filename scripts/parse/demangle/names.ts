/** Names: <encoding> and <name> of the ABI, each up to where the parameters of the function begin. */
import { deeper, peek, plain, remember, skip, take, takeList, takeNumber, wordOf } from './state.ts';
import { Unreadable, type Name, type Scope, type State, type Term } from './state.ts';
import { argumentsText, parameters, readArguments, readKnown, readParameter } from './types.ts';
import { readQualifiers, readType, textOf, within } from './types.ts';
import { operators } from './words.ts';

export const readName = (state: State): Name => deeper(state, readAnyName);

function readAnyName(state: State): Name {
  if (skip(state, 'N')) return readNested(state);
  if (skip(state, 'Z')) return readLocal(state);
  if (peek(state) === 'T') return readThunk(state);
  if (peek(state) === 'S' && peek(state, 2) !== 'St') {
    const { term, own } = readKnown(state);
    return withArguments({ ...untemplated, text: (scope) => textOf(term, scope), own }, readArguments(state));
  }
  const name = inside(skip(state, 'St') ? () => 'std' : undefined, readUnqualified(state));
  if (peek(state) !== 'I') return name;
  rememberName(state, name);
  return withArguments(name, readArguments(state));
}

/** What stands in a table of virtual functions, and calls one after it has moved `this`. */
function readThunk(state: State): Name {
  const kind = take(state, /T(hn?\d+_|vn?\d+_n?\d+_)/y);
  const name = readName(state);
  const title = kind.startsWith('h') ? 'non-virtual thunk to' : 'virtual thunk to';
  return { ...name, text: (scope) => `${title} ${name.text(scope)}` };
}

function readNested(state: State): Name {
  const qualifiers =
    readQualifiers(state) + take(state, /([RO]?)/y).replace(/./, (sign) => (sign === 'R' ? ' &' : ' &&'));
  let name: Name | undefined;
  while (!skip(state, 'E')) {
    if (skip(state, 'M')) continue; // before it stands the member that a lambda initializes
    if (skip(state, 'St')) {
      name = { ...untemplated, own: '', text: () => 'std' };
      continue;
    }
    if (peek(state) === 'S') {
      const { term, own } = readKnown(state);
      name = { ...untemplated, own, text: (scope) => textOf(term, scope) };
      continue;
    }
    name = readNext(state, name);
    if (peek(state) !== 'E') rememberName(state, name);
  }
  if (name === undefined) throw new Unreadable();
  return { ...name, qualifiers };
}

function readNext(state: State, before: Name | undefined): Name {
  if (peek(state) === 'T') {
    const term = readParameter(state);
    return { ...untemplated, own: '', text: (scope) => textOf(term, scope) };
  }
  if (before === undefined) return inside(undefined, readUnqualified(state));
  if (peek(state) === 'I') return withArguments(before, readArguments(state));
  const { own, text } = before;
  const special = take(state, /(C[1-5]|D[0-5]|)/y);
  if (special === '') return inside(text, readUnqualified(state));
  if (own === '') throw new Unreadable();
  return inside(text, { isTyped: false, own, text: () => (special.startsWith('C') ? own : `~${own}`) });
}

/** What is declared inside of a function. */
function readLocal(state: State): Name {
  const outer = readName(state);
  let types: readonly Term[] | undefined;
  if (!skip(state, 'E')) {
    if (outer.returns) readType(state);
    types = takeList(state, readType);
  }
  const number = skip(state, 'd') ? takeNumber(state) + 1 : 0;
  const inner = readName(state);
  take(state, /(_\d|__\d+_|)/y); // tells it from others of that name
  const text = (scope: Scope) => {
    const there = within(outer, scope);
    const called = types === undefined ? '' : parameters(types, there) + outer.qualifiers;
    const byDefault = number === 0 ? '' : `{default arg#${number}}::`;
    return `${outer.text(there)}${called}::${byDefault}${inner.text(inner.args === undefined ? there : scope)}`;
  };
  return { ...inner, text };
}

type Part = Pick<Name, 'text' | 'own' | 'isTyped'>;

const untemplated = { qualifiers: '', returns: false, isTyped: true } as const;

function inside(outer: Name['text'] | undefined, part: Part): Name {
  const { text } = part;
  const whole = outer === undefined ? text : (scope: Scope) => `${outer(scope)}::${text(scope)}`;
  return { ...part, text: whole, qualifiers: '', returns: false };
}

function withArguments(name: Name, args: readonly Term[]): Name {
  const text = (scope: Scope) => {
    const before = name.text(scope);
    // `operator<` and its arguments must not become `operator<<`.
    return `${before}${before.endsWith('<') ? ' ' : ''}${argumentsText(args, scope)}`;
  };
  return { ...name, text, args, returns: name.isTyped };
}

const rememberName = (state: State, { text, own }: Name) =>
  remember(state, (scope) => plain(text(scope)), own);

function readUnqualified(state: State): Part {
  skip(state, 'L'); // of this file only
  const part = readPart(state);
  let tags = '';
  while (skip(state, 'B')) tags += `[abi:${readSource(state)}]`;
  return tags === '' ? part : { ...part, text: (scope) => part.text(scope) + tags };
}

const said = (text: string): Part => ({ text: () => text, own: text, isTyped: true });

function readPart(state: State): Part {
  if (/\d/.test(peek(state)))
    return said(readSource(state).replace(/^_GLOBAL__N.*/, '(anonymous namespace)'));
  if (skip(state, 'Ut')) return { ...said(`{unnamed type#${takeNumber(state) + 1}}`), own: '' };
  if (skip(state, 'Ul')) {
    const types = takeList(state, readType);
    const number = takeNumber(state) + 1;
    const text = (scope: Scope) => `{lambda${parameters(types, { ...scope, inLambda: true })}#${number}}`;
    return { ...said(''), text };
  }
  if (skip(state, 'li')) return said(`operator"" ${readSource(state)}`);
  if (skip(state, 'cv')) {
    const type = readType(state);
    return { own: '', isTyped: false, text: (scope) => `operator ${textOf(type, scope)}` };
  }
  return said(`operator${wordOf(operators, take(state, /([a-z][a-zA-Z])/y))}`);
}

function readSource(state: State): string {
  const length = Number(take(state, /([1-9]\d*)/y));
  const text = peek(state, length);
  if (text.length < length) throw new Unreadable();
  state.at += length;
  return text;
}
