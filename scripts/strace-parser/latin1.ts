/**
 * Bytes as a string of the same length, one character per byte. strace writes ASCII; bytes above 0x7f come from the
 * traced program alone, and Latin-1 keeps them as they are.
 */
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** Decodes a piece of a log. Plain ASCII goes the fast way; TextDecoder's `latin1` is windows-1252 and would not do. */
export function fromLatin1(bytes: Uint8Array): string {
  const ascii = utf8.decode(bytes);
  if (ascii.length === bytes.length && !ascii.includes('\ufffd')) return ascii;
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return text;
}

/** The way back; a character above 0xff cannot come from a log, and the text is taken for UTF-8. */
export function toBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code > 0xff) return new TextEncoder().encode(text);
    bytes[at] = code;
  }
  return bytes;
}

const most = 4096;
const scratch = new Uint8Array(most);

/** The same text in memory of its own: a slice keeps all of what it was cut from alive. */
export function copyOf(text: string): string {
  const { length } = text;
  const bytes = length > most ? new Uint8Array(length) : scratch;
  for (let at = 0; at < length; at++) {
    const code = text.charCodeAt(at);
    if (code > 0xff) return text;
    bytes[at] = code;
  }
  return fromLatin1(bytes.subarray(0, length));
}
