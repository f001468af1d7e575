/**
 * JSON whose text can be shown: what would move a cursor, turn the reading direction or end a script element is escaped, inside
 * strings, where alone it can stand. JSON.stringify escapes only what RFC 8259 makes it escape, up to U+001F.
 */
export function jsonText(value: unknown, indent?: number): string {
  const json = JSON.stringify(value, null, indent);
  // Nearly all of it is plain ASCII, and properties of Unicode are slow to look up.
  if (!/[<\x7f-\uffff]/.test(json)) return json;
  return json.replace(unsafe, (text) =>
    Array.from({ length: text.length }, (_, at) => `\\u${hex4(text.charCodeAt(at))}`).join(''),
  );
}

/** Controls (but for the line feeds of `indent`), format characters (bidi marks, tags), line separators, `<`. */
const unsafe = /[\u007f-\u009f\u2028\u2029<\p{Cf}]/gu;

const hex4 = (unit: number): string => unit.toString(16).padStart(4, '0');
