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

export async function pageDocument(data: PageData, assets = bundlePage()): Promise<string> {
  return renderDocument(data, await assets, {
    // With room for all of it another thread does it in one go; else this one has to come by for every 16 KiB.
    deflate: async (text) =>
      (await deflated(text, { chunkSize: Math.max(1024, text.length) })).toString('base64'),
    hash: (text) => createHash('sha256').update(text).digest('base64'),
  });
}

/** Begins with the bundling at once: another process does it while the run is being read. */
export function beginPage(): (data: PageData) => Promise<string> {
  const assets = bundlePage();
  // Whoever asks for the page is told.
  assets.catch(() => {});
  return (data) => pageDocument(data, assets);
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
