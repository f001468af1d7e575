/** The page for all tests of a file: opened before the first, closed after the last; without a browser they skip. */
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { chromiumPath, needsBrowser, openBook, type OpenBook } from './browser.ts';

interface Shared {
  /** The page's whole text. */
  document: string;
  book: OpenBook;
}

/** @param make gives the page's whole text; what is returned is filled in before the first test */
export function bookOf(make: () => Promise<string>): Readonly<Shared> {
  const shared: Shared = { document: '', book: noBook };
  beforeEach(needsBrowser);
  beforeAll(async () => {
    shared.document = await make();
    if (chromiumPath !== '') shared.book = await openBook(shared.document);
  }, 120_000);
  afterAll(() => shared.book[Symbol.asyncDispose]());
  return shared;
}

const noBook: OpenBook = {
  open: () => Promise.reject(new Error('there is no browser')),
  wrong: [],
  [Symbol.asyncDispose]: async () => undefined,
};
