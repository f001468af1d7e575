/** strace's escapes, both ways (its util.c, string_quote()). */

const named: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, v: 11, f: 12, a: 7, b: 8, e: 27 };

/** Decodes strace's escapes: `\n`, octal `\0`…`\377`, `\x7f`, `\"`. Other characters stand for themselves (Latin-1). */
export function unescape(quoted: string): Uint8Array {
  const bytes = new Uint8Array(quoted.length);
  let length = 0;
  for (let at = 0; at < quoted.length; at++) {
    let code = quoted.charCodeAt(at);
    if (code === 92) {
      const letter = quoted.charAt(++at);
      if (letter === 'x') {
        code = Number.parseInt(quoted.slice(at + 1, at + 3), 16);
        at += 2;
      } else if (letter >= '0' && letter <= '7') {
        code = 0;
        for (let digits = 0; digits < 3 && isOctal(quoted.charCodeAt(at)); digits++) {
          code = code * 8 + quoted.charCodeAt(at++) - 48;
        }
        at--;
      } else {
        code = named[letter] ?? letter.charCodeAt(0);
      }
    }
    bytes[length++] = code;
  }
  return bytes.slice(0, length);
}

function isOctal(code: number): boolean {
  return code >= 48 && code <= 55;
}

const letters = new Map([
  [9, '\\t'],
  [10, '\\n'],
  [11, '\\v'],
  [12, '\\f'],
  [13, '\\r'],
  [34, '\\"'],
  [92, '\\\\'],
]);

/** Octal escapes as short as the next character allows (strace's util.c, string_quote()). */
export function escape(bytes: Uint8Array): string {
  let text = '';
  for (const [at, byte] of bytes.entries()) {
    const next = bytes[at + 1] ?? 0;
    const letter = letters.get(byte);
    if (letter !== undefined) text += letter;
    else if (byte >= 32 && byte < 127) text += String.fromCharCode(byte);
    else text += `\\${byte.toString(8).padStart(next >= 48 && next <= 57 ? 3 : 1, '0')}`;
  }
  return text;
}

/** A path as the program knows it. Bytes that are no UTF-8 become U+FFFD: `text` has them as printed. */
export function unescapePath(quoted: string): string {
  return quoted.includes('\\') ? new TextDecoder().decode(unescape(quoted)) : quoted;
}
