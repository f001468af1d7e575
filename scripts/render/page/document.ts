/** The page as one file: its data in pieces that are opened when they are looked at, its code, its style. */
import { visible } from '../paint.ts';
import type { PageData } from './data/make.ts';
import { filesPieceOf, pieceOf } from './data/report.ts';

/** The page's program and style, bundled. */
export interface Assets {
  readonly script: string;
  readonly style: string;
}

/** What a pure folder has to be given. */
export interface Means {
  /** Raw deflate (RFC 1951), in base64. */
  readonly deflate: (text: string) => Promise<string>;
  /** SHA-256 in base64, as a Content-Security-Policy names it. */
  readonly hash: (text: string) => string;
}

export async function renderDocument(
  { report, bodies, files, values, forms }: PageData,
  { script, style }: Assets,
  { deflate, hash }: Means,
): Promise<string> {
  const pieces: [name: string, data: unknown][] = [
    ['report', report],
    ['values', values],
    ...bodies.map((body, n): [string, unknown] => [pieceOf(n), body]),
    ...files.map((recorded, n): [string, unknown] => [filesPieceOf(n), recorded]),
    ['forms', forms],
  ];
  const stored = await Promise.all(
    pieces.map(async ([name, data]) => {
      // In base64 no recorded byte can end an element or begin one.
      return `<script type="application/octet-stream" id="${name}">${await deflate(JSON.stringify(data))}</script>`;
    }),
  );
  // Nothing is loaded, nothing but this very program and style counts: whatever a recording holds stays text.
  const policy = `default-src 'none'; script-src 'sha256-${hash(script)}'; style-src 'sha256-${hash(style)}'; base-uri 'none'; form-action 'none'`;
  const { kernel, system } = report.run.machine;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(visible(`echolab · Linux ${kernel} · ${system}`))}</title>
<style>${style}</style>
</head>
<body>
<div id="page"></div>
<noscript>This page shows a recorded run and needs JavaScript. The same run as text: make report.</noscript>
${stored.join('\n')}
<script>${script}</script>
</body>
</html>
`;
}

export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (char) => `&#${char.codePointAt(0) ?? 0};`);
