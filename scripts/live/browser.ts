/** For the tests of the page: Debian's Chromium on a page made from a recorded run, and pictures of it to look at. */
import { execa } from 'execa';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import type { TestContext } from 'vitest';
import { loadLessons } from '../cli/lessons.ts';
import { pageDocument } from '../cli/page.ts';
import { projectFolder } from '../cli/project.ts';
import { judgeRun, type Files } from '../judge/run.ts';
import type { Run, SceneRecord } from '../model/run.ts';
import { makePageData, type PageData } from '../render/page/data/make.ts';
import { readReference } from './reference.ts';
import { skipAloud } from './tools.ts';

/** Where the pictures go; git ignores it. */
export const pictures = join(projectFolder, 'traces/local/pictures');

export const { stdout: chromiumPath } = await execa('sh', ['-c', 'command -v chromium || true']);

export function needsBrowser(context: TestContext): void {
  if (chromiumPath === '') skipAloud(context, 'it needs Debian’s chromium');
}

export interface OpenBook extends AsyncDisposable {
  /** Opens the page anew. Whatever goes wrong in it, or leaves it, is kept. */
  readonly open: (hash?: string, options?: Options) => Promise<Page>;
  /** Errors of the page, and every request that is not for the file itself. */
  readonly wrong: string[];
}

interface Options {
  readonly dark?: boolean;
  readonly width?: number;
  readonly height?: number;
  /** Leaves in `seenMs` when, by the page's own clock, the first such element was there. */
  readonly watch?: string;
}

/** @param document the page's whole text */
export async function openBook(document: string): Promise<OpenBook> {
  const folder = await mkdtemp(join(tmpdir(), 'echolab-page-'));
  const address = pathToFileURL(join(folder, 'report.html')).href;
  await writeFile(join(folder, 'report.html'), document);
  await mkdir(pictures, { recursive: true });
  // A test as root: Chromium's sandbox would not start. The page is the project's own.
  const browser: Browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] });
  const wrong: string[] = [];
  return {
    wrong,
    async open(hash = '', { dark = false, width = 1280, height = 720, watch } = {}) {
      const page = await browser.newPage({
        viewport: { width, height },
        colorScheme: dark ? 'dark' : 'light',
      });
      page.on('pageerror', (error) => wrong.push(error.message));
      page.on('console', (message) => message.type() === 'error' && wrong.push(message.text()));
      page.on('request', (request) => !request.url().startsWith(address) && wrong.push(request.url()));
      if (watch !== undefined)
        await page.addInitScript(
          `new MutationObserver((_, observer) => {
            if (document.querySelector(${JSON.stringify(watch)}) === null) return;
            globalThis.seenMs = performance.now();
            observer.disconnect();
          }).observe(document, { childList: true, subtree: true });`,
        );
      await page.goto(address + hash);
      await page.locator('#page > *').first().waitFor();
      return page;
    },
    async [Symbol.asyncDispose]() {
      await browser.close();
      await rm(folder, { recursive: true });
    },
  };
}

export async function pageDataOf(
  run: Run,
  files: ReadonlyMap<SceneRecord, Files>,
  folder: string,
): Promise<PageData> {
  const filesOf = (scene: SceneRecord): Files => files.get(scene) ?? new Map();
  return makePageData(run, judgeRun(run, await loadLessons(undefined), filesOf), filesOf, folder);
}

/** The page of a reference run. */
export async function referenceDocument(name: string): Promise<string> {
  const { run, files } = await readReference(name);
  return pageDocument(await pageDataOf(run, files, `traces/reference/${name}`));
}
