/**
 * The name of a function alone, of what a symbol table or strace says: without parameters, without namespaces that have
 * no name, and without the type that it returns, which only a template's has.
 *
 * `v8::internal::(anonymous namespace)::Invoke(v8::internal::Isolate*, …)` → `v8::internal::Invoke`. What stands inside
 * of a function, a lambda, has the function's name.
 */
import { demangle } from './demangle/demangle.ts';

export function functionName(symbol: string): string {
  const text = (demangle(symbol) ?? symbol).replaceAll('(anonymous namespace)::', '');
  let start = 0;
  let isOperator = false;
  for (let at = 0, depth = 0; at < text.length; at += 1) {
    const letter = text[at] ?? '';
    // Nothing is before the parentheses of `decltype (…) f()`.
    if (depth === 0 && letter === '(' && start < at) return text.slice(start, at);
    if (depth === 0 && letter === ' ' && !isOperator) start = at + 1;
    if ('<({'.includes(letter)) depth += 1;
    if ('>)}'.includes(letter)) depth -= 1;
    operator.lastIndex = at;
    const [found = ''] = (letter === 'o' && operator.exec(text)) || [];
    if (depth === 0 && found !== '') isOperator = true;
    at += Math.max(0, found.length - 1);
  }
  return text.slice(start);
}

/** The sign of an operator is part of its name, whatever brackets it is made of. */
const operator =
  /(?<!\w)operator(?!\w)(?:\(\)|\[\]|->\*?|<=>|<<=?|>>=?|[-+*/%^&|!=<>]=|&&|\|\||\+\+|--|[-+*/%^&|~!=<>,])?/y;
