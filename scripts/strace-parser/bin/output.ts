/** Standard output through one buffer: text that waited in a string would be alive, and V8's heap would grow by it. */
const buffer = Buffer.allocUnsafe(65_536);
let filled = 0;

/** Adds `text` to what waits; false, with nothing added, where there is no room. */
export function hold(text: string): boolean {
  // A character takes three bytes at most.
  if (filled + 3 * text.length > buffer.length) return false;
  filled += buffer.write(text, filled);
  return true;
}

/** Writes what waits, and then `text`. Resolves when both are written: a slow reader must not fill our memory. */
export async function flush(text = ''): Promise<void> {
  const held = buffer.subarray(0, filled);
  filled = 0;
  for (const part of [held, text]) {
    if (part.length > 0) await new Promise<void>((resolve) => process.stdout.write(part, () => resolve()));
  }
}
