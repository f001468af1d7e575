/** Colours of a terminal, or none. Colour never carries meaning alone: there is always a word or a sign. */
export interface Paint {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly red: (text: string) => string;
}

/** Select Graphic Rendition, ECMA-48 8.3.117. */
const sgr = (on: number, off: number) => (text: string) => `\x1b[${on}m${text}\x1b[${off}m`;

export const colours: Paint = {
  bold: sgr(1, 22),
  dim: sgr(2, 22),
  green: sgr(32, 39),
  yellow: sgr(33, 39),
  red: sgr(31, 39),
};

const same = (text: string) => text;

export const plain: Paint = { bold: same, dim: same, green: same, yellow: same, red: same };

/** Control characters of recorded bytes must not reach a terminal: each becomes a visible escape. */
export function visible(text: string): string {
  // Nearly all text is plain ASCII, and properties of Unicode are slow to look up.
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (char) => {
    const named = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }[char];
    return named ?? `\\x${(char.codePointAt(0) ?? 0).toString(16).padStart(2, '0')}`;
  });
}

/** The same for payloads, one character a byte: what is not ASCII is a number. */
export const bytesVisible = (data: string): string =>
  visible(data).replace(/[^\x20-\x7e]/g, (char) => `\\x${(char.codePointAt(0) ?? 0).toString(16)}`);
