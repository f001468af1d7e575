/** The diagrams of the handouts, drawn by Mermaid itself in a browser: as Markdown readers draw them. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import { expect, test } from 'vitest';
import { chromiumPath, needsBrowser } from '../../live/browser.ts';
import { markdownTokens } from '../../live/markdown-tokens.ts';
import { references, wholeHostile, wholeReference } from '../../live/reference.ts';
import { visible } from '../paint.ts';
import { formats } from './formats.ts';
import { mermaidText } from './mermaid.ts';
import type { WholeRun } from './renderer.ts';

/** What Mermaid made of a diagram: its texts in order, and the names of the elements it is made of. */
interface Drawn {
  readonly texts: string[];
  readonly elements: string[];
  readonly error?: string;
}

/** As much of the browser as the page's function needs; the project's types have no DOM. */
declare const mermaid: {
  initialize(options: object): void;
  render(id: string, text: string): Promise<{ svg: string }>;
};
declare const DOMParser: new () => {
  parseFromString(
    text: string,
    type: string,
  ): { querySelectorAll(selector: string): Iterable<{ textContent: string; localName: string }> };
};

/** Runs in the page: whatever it names is there. */
async function draw(diagrams: string[]): Promise<Drawn[]> {
  mermaid.initialize({ startOnLoad: false, securityLevel: 'strict' });
  const all: Drawn[] = [];
  for (const [at, diagram] of diagrams.entries()) {
    try {
      const { svg } = await mermaid.render(`diagram${at}`, diagram);
      const drawn = new DOMParser().parseFromString(svg, 'image/svg+xml');
      const texts = [...drawn.querySelectorAll('.messageText, .noteText, text.actor')];
      all.push({
        texts: texts.map(({ textContent }) => textContent),
        elements: [...new Set([...drawn.querySelectorAll('*')].map(({ localName }) => localName))],
      });
    } catch (error) {
      all.push({ texts: [], elements: [], error: String(error) });
    }
  }
  return all;
}

const diagramsOf = (run: WholeRun): string[] =>
  [...formats.handout.render(run)].flatMap(({ content }) =>
    markdownTokens(String(content)).flatMap(({ language, text }) => (language === 'mermaid' ? [text] : [])),
  );

async function drawAll(diagrams: string[]): Promise<Drawn[]> {
  const library = createRequire(import.meta.url).resolve('@mermaid-js/tiny/dist/mermaid.tiny.js');
  // A test as root: Chromium's sandbox would not start.
  const browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage();
    await page.addScriptTag({ content: await readFile(library, 'utf8') });
    return await page.evaluate(draw, diagrams);
  } finally {
    await browser.close();
  }
}

test.for(references)('chromium: %s: every diagram is drawn, with all its messages', async (name, context) => {
  needsBrowser(context);
  const whole = await wholeReference(name);
  const diagrams = diagramsOf(whole);
  // One for each scene that a lesson tells.
  expect(diagrams).toHaveLength(whole.run.scenes.length);
  const drawn = await drawAll(diagrams);
  for (const [at, { texts, error }] of drawn.entries()) {
    const diagram = diagrams[at] ?? '';
    expect(error, diagram).toBeUndefined();
    const messages = [...diagram.matchAll(/^ {2}\w+(?:->>|-->>|-x)\w+: (.*)$/gm)].map(
      ([, text = '']) => text,
    );
    expect(messages.length).toBeGreaterThan(1);
    for (const text of messages) expect(texts).toContain(decoded(text));
  }
});

test('chromium: hostile payloads are drawn as what they are', async (context) => {
  needsBrowser(context);
  const run = await wholeHostile();
  // Longer payloads are told by their length: these signs have to come through a diagram too.
  const signs =
    '; # end </script><img src=x onerror=alert(1)> %%{init: {}}%% `x` "y" A->>B: z & &lt; \\ \u202e \u001b[2J';
  const own = `sequenceDiagram\n  participant A\n  participant B\n  A->>B: ${mermaidText(signs)}`;
  const drawn = await drawAll([own, ...diagramsOf(run)]);
  for (const { elements, error } of drawn) {
    expect(error).toBeUndefined();
    for (const name of ['script', 'img', 'a', 'iframe']) expect(elements).not.toContain(name);
  }
  expect(drawn[0]?.texts).toContain(visible(signs));
});

const decoded = (text: string): string =>
  text.replaceAll(/#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
