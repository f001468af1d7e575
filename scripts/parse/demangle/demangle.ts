/**
 * `_ZN4node7UDPWrap9DoConnectERKN2v820FunctionCallbackInfoINS1_5ValueEEEi` → `node::UDPWrap::DoConnect`: the name of a C++
 * function, as a symbol table has it, in C++'s own form, without its parameters.
 *
 * https://itanium-cxx-abi.github.io/cxx-abi/abi.html#mangling says how names are mangled; the text is that of GNU's
 * demangler (`c++filt -p`), which is strace's. Expressions in arguments of templates, decltype and what C++20 added are
 * not read.
 */
import { readName } from './names.ts';
import { Unreadable, type Scope, type State } from './state.ts';
import { within } from './types.ts';

/** @returns undefined where it is no such name, or has something in it that is not read here */
export function demangle(mangled: string): string | undefined {
  // Rust's older form is the same but for its words: the last of them is a hash.
  if (!mangled.startsWith('_Z') || /17h[0-9a-f]{16}E/.test(mangled)) return undefined;
  const state: State = { mangled, at: 2, depth: 0, known: [], readName };
  const scope: Scope = { effort: { left: 10_000 } };
  try {
    const name = readName(state);
    return name.text(within(name, scope));
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}
