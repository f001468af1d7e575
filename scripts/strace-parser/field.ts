import type { Value } from './value.ts';

/**
 * The value of a struct's member, or undefined: `field(address, 'sin_port')`. Looks through what is printed around a
 * struct: a comment, a name (`addr={…}`), `[{…}]` with one element, and the outcome of `{…} => {…}`.
 */
export function field(value: Value | undefined, name: string): Value | undefined {
  if (value === undefined) return undefined;
  if (value.type === 'struct') return value.fields.find((member) => member.name === name)?.value;
  if (value.type === 'comment' || value.type === 'named') return field(value.value, name);
  if (value.type === 'array') return value.items.length === 1 ? field(value.items[0], name) : undefined;
  if (value.type === 'change') return field(value.after, name) ?? field(value.before, name);
  return undefined;
}
