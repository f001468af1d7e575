/** Hostile bytes, recorded, in everything that is made from a run: shown as what they are, and without any effect. */
import * as fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { markdownTokens } from '../../live/markdown-tokens.ts';
import { wholeHostile } from '../../live/reference.ts';
import { htmlText, mdBlock, mdCode, mdText } from '../markdown.ts';
import { plain, visible } from '../paint.ts';
import { renderRun } from '../text.ts';
import { formatNames, formats, type Format } from './formats.ts';
import { jsonText } from './json-text.ts';
import { mermaidText } from './mermaid.ts';
import type { WholeRun } from './renderer.ts';

/** Moves cursors, turns the reading direction, ends lines. Line feeds are the files' own. */
const effective = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

let run: WholeRun;
const texts = new Map<string, { format: Format; text: string }>();
beforeAll(async () => {
  run = await wholeHostile();
  for (const format of formatNames) {
    for (const { paths, content } of formats[format].render(run)) {
      if (typeof content === 'string') texts.set(paths[0] ?? '', { format, text: content });
    }
  }
});

describe('the recorded bytes', () => {
  test('were really hostile, and arrived', () => {
    const events = run.plays.flatMap(({ timeline }) => timeline.events);
    const data = events.flatMap((event) =>
      event.kind === 'call' && event.step === 'send' ? [event.data ?? ''] : [],
    );
    for (const part of [
      '\u001b[2J',
      '\u001b]0;',
      '\u00c2\u009b',
      '\u00e2\u0080\u00ae',
      '</script>',
      '```',
      '\nend\n',
    ])
      expect(data.filter((one) => one.includes(part)).length, part).toBeGreaterThan(1);
    const printed = events.filter((event) => event.kind === 'output' && effective.test(event.text));
    expect(printed.length).toBeGreaterThan(0);
    expect(
      run.judged.flatMap(({ verdicts }) => verdicts).some(({ because }) => effective.test(because)),
    ).toBe(true);
  });

  test('have no effect on a terminal, in no text file', () => {
    expect(texts.size).toBeGreaterThan(20);
    for (const [path, { text, format }] of texts) {
      if (format === 'verdicts') continue; // plain JSON, older than these: its quotations are escaped by JSON alone
      for (const line of text.split('\n'))
        expect(effective.exec(line)?.[0], `${path}: ${visible(line)}`).toBeUndefined();
    }
    const printed = renderRun(run.run, run.judged, {
      ...{ paint: plain, verbose: true, full: true, answers: true },
      folder: 'run',
    });
    for (const line of printed.split('\n')) expect(effective.exec(line)?.[0], visible(line)).toBeUndefined();
  });

  test('end no script element in JSON, and come out of it as they went in', () => {
    const json = [...texts.values()].filter(({ format }) => ['jsonl', 'perfetto', 'schema'].includes(format));
    expect(json.length).toBeGreaterThan(5);
    for (const { text } of json) expect(text).not.toContain('<');
    for (const [path, { text, format }] of texts) {
      if (format !== 'jsonl') continue;
      const play = run.plays.find(({ folders }) => path.startsWith(`${folders[0]}/events`));
      const lines: unknown[] = text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown);
      expect(lines).toEqual(JSON.parse(JSON.stringify(play?.timeline.events)));
    }
  });

  test('begin nothing in Markdown', () => {
    const markdown = [...texts].filter(([path]) => path.endsWith('.md'));
    expect(markdown.length).toBeGreaterThan(5);
    for (const [path, { text }] of markdown) {
      const tokens = markdownTokens(text);
      const rawOf = (kind: string) => tokens.flatMap(({ type, raw }) => (type === kind ? [raw.trim()] : []));
      for (const kind of ['link', 'image', 'table', 'del', 'hr', 'blockquote', 'def']) {
        expect(rawOf(kind), path).toEqual([]);
      }
      for (const html of rawOf('html')) expect(html, path).toMatch(ownHtml);
      for (const code of rawOf('code')) expect(code, path).toMatch(/^`{3,}(?:text|mermaid)\n[^]*\n *`{3,}$/);
      for (const heading of rawOf('heading'))
        expect(heading, path).toMatch(/^#{1,3} [\w ,.:’?()\\&#;‘↓↑-]+$/);
    }
  });
});

/** What the renderers themselves write. */
const ownHtml =
  /^(?:<!-- what it caused -->|<details(?: open)?>(?:<summary>[^<>]*<\/summary>)?|<\/?(?:summary|details)>|<\/?code>)$/;

/** Signs of all these languages, and any other character. */
const anyText = fc.string({
  unit: fc.oneof(
    fc.constantFrom(
      ...Array.from('`*_{}[]()<>#+-.!|~&$=\\/:;@%"\' \n\r\t\u001b\u009b\u202e\u2066\u00ad\u2028\u{e0041}'),
    ),
    fc.constantFrom(
      '</script>',
      '```',
      'www.x.org',
      'https://x.org',
      '1. ',
      'end',
      '%%{',
      '&lt;',
      '<b>',
      '![x](y)',
      'a@b.c',
    ),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
});

describe('any text', () => {
  test('is one text token in Markdown, and reads as it is', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const tokens = markdownTokens(`so: ${mdText(text)}`);
        const kinds = new Set(tokens.map(({ type }) => type));
        expect([...kinds].filter((kind) => !['paragraph', 'text', 'escape'].includes(kind))).toEqual([]);
        const read = tokens.flatMap((token) => {
          if (token.type === 'escape') return [token.text];
          return token.type === 'text' ? [unescapeHtml(token.text)] : [];
        });
        expect(read.join('').trimEnd()).toBe(`so: ${visible(text)}`.trimEnd());
      }),
      { numRuns: 500 },
    );
  });

  test('begins nothing at the beginning of a line', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const [first] = markdownTokens(mdText(text));
        expect(['paragraph', 'space', 'text', undefined]).toContain(
          first?.type === 'code' ? codeOf(text) : first?.type,
        );
      }),
      { numRuns: 500 },
    );
  });

  test('stays in its code, its block and its element', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const [block, ...more] = markdownTokens(mdBlock([text, 'last']).join('\n'));
        expect([block?.type, more.length]).toEqual(['code', 0]);
        expect(block?.text).toBe(`${visible(text)}\nlast`);
        expect(htmlText(text)).not.toMatch(/[<>"'`*_[\]]/);
        for (const { type } of markdownTokens(`x ${mdCode(text)} y`)) {
          expect(['paragraph', 'text', 'codespan', 'html']).toContain(type);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('has no sign of Mermaid’s, and no invisible character in JSON', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(mermaidText(text).replaceAll(/#\d+;/g, '')).toMatch(/^[A-Za-z0-9 .,:()=/_?-]*$/);
        expect(jsonText({ text })).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}<]/u);
        expect(JSON.parse(jsonText({ text }))).toEqual({ text });
      }),
      { numRuns: 500 },
    );
  });
});

/** Four spaces make code of a line; it is shown as it is. */
const codeOf = (text: string): string => (/^(?: {4}|\s*\t)/.test(visible(text)) ? 'text' : 'code');

const unescapeHtml = (text: string): string =>
  text.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
