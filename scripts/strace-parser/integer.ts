/** Integers as strace prints them: `16`, `-1`, `0x7ffd…`, `0644`. */

/** A number where it is exact, else a bigint. `text` must match `-?\d+|0x[0-9a-f]+`. */
export function toInteger(text: string): number | bigint {
  const octal = text.length > 1 && text.startsWith('0') && /^0[0-7]+$/.test(text);
  const value = octal ? Number.parseInt(text, 8) : Number(text);
  if (Number.isSafeInteger(value)) return value;
  if (octal) return BigInt(`0o${text.slice(1)}`);
  return text.startsWith('-') ? -BigInt(text.slice(1)) : BigInt(text);
}
