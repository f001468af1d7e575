/**
 * Recorded text in Markdown (CommonMark with GitHub's tables and autolinks): it is shown as it is, and means nothing there.
 */
import { visible } from './paint.ts';

/** What begins emphasis, code, links, HTML, cells of tables, entities, mathematics, wherever it stands. */
const anywhere = /[\\`*_{}[\]<>|~&$]/g;
/** What makes a heading, a list, a quotation or a rule, where a line begins with it. */
const atStart = /^(\s*)([#+\-=]|\d{1,9}(?=[.)](?:\s|$)))/;

/** Text within a paragraph, a list item or a cell of a table. */
export const mdText = (text: string): string =>
  visible(text)
    .replaceAll(anywhere, (sign) => `\\${sign}`)
    .replace(atStart, (_, space: string, sign: string) => `${space}&#${sign.charCodeAt(0)};${sign.slice(1)}`)
    // GitHub's autolinks are no emphasis: a backslash would not stop them.
    .replaceAll('://', '&#58;//')
    .replaceAll('@', '&#64;')
    .replaceAll(/www\./gi, (name) => `${name.slice(0, 3)}&#46;`);

/** Code within a line. In a table a bar would end the cell even there: it becomes a look-alike's entity in HTML's own element. */
export function mdCode(text: string): string {
  const shown = visible(text);
  if (/[|`]/.test(shown)) return `<code>${htmlText(shown)}</code>`;
  return shown === '' ? '' : `\`${shown.trim() === shown ? shown : ` ${shown} `}\``;
}

/** Text within an HTML element of a Markdown file: no character of it is left to Markdown. */
export const htmlText = (text: string): string =>
  visible(text).replaceAll(/[^A-Za-z0-9 ,]/gu, (sign) => `&#${sign.codePointAt(0) ?? 0};`);

/** A block of lines, fenced by more backticks than any of them has in a row. */
export function mdBlock(lines: readonly string[], language = 'text'): string[] {
  let longest = 2;
  for (const line of lines) {
    for (const [run] of line.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  }
  const fence = '`'.repeat(longest + 1);
  return [fence + language, ...lines.map(visible), fence];
}
