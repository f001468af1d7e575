/** Bundles the page's program and makes `report.html`: one file that opens from file:// and asks nobody for anything. */
import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { deflateRaw } from 'node:zlib';
import type { PageData } from '../render/page/data/make.ts';
import { renderDocument, type Assets } from '../render/page/document.ts';

const app = fileURLToPath(new URL('../render/page/app', import.meta.url));
const deflated = promisify(deflateRaw);

export async function pageDocument(data: PageData): Promise<string> {
  return renderDocument(data, await bundlePage(), {
    deflate: async (text) => (await deflated(text)).toString('base64'),
    hash: (text) => createHash('sha256').update(text).digest('base64'),
  });
}

export async function bundlePage(): Promise<Assets> {
  const { outputFiles } = await build({
    entryPoints: ['main.tsx', 'style.css'].map((name) => join(app, name)),
    bundle: true,
    minify: true,
    write: false,
    outdir: 'page',
    format: 'iife',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    // ASCII alone: the page reads the same whatever the reader takes its encoding for.
    charset: 'ascii',
    legalComments: 'none',
    logLevel: 'silent',
  });
  const textOf = (end: string) => outputFiles.find(({ path }) => path.endsWith(end))?.text.trim() ?? '';
  return { script: textOf('.js'), style: textOf('.css') };
}
