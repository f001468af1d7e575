/** The page of a recorded run, driven as people do. Pictures of what it looks like go to traces/local/pictures. */
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { needsBrowser, openBook, pictures, referenceDocument, type OpenBook } from '../../live/browser.ts';

let document = '';
let book: OpenBook;
beforeAll(async () => {
  document = await referenceDocument('linux-6.18-root');
  book = await openBook(document);
}, 120_000);
afterAll(() => book[Symbol.asyncDispose]());
beforeEach(needsBrowser);

test('a run of all lessons is less than 3 MB, the page’s code less than 150 KB', () => {
  const code = /<script>(.*)<\/script>\s*<\/body>/s.exec(document)?.[1] ?? '';
  const style = /<style>(.*)<\/style>/s.exec(document)?.[1] ?? '';
  expect(code.length).toBeGreaterThan(10_000);
  expect(code.length + style.length).toBeLessThan(150_000);
  expect(Buffer.byteLength(document)).toBeLessThan(3_000_000);
});

test('what connect(2) sent is the first view, for TCP and for UDP, without scrolling', async () => {
  const page = await book.open();
  const connect = page.locator('tbody.step', {
    has: page.getByRole('rowheader', { name: 'connect', exact: true }),
  });
  const wire = connect.first().locator('tr.wire');
  await wire.waitFor();
  const cells = await wire.locator('td').allInnerTexts();
  expect(cells[0]).toMatch(/→ SYN\s+← SYN ACK\s+→ ACK/);
  expect(cells[1]).toBe('nothing');
  const box = await wire.boundingBox();
  expect((box?.y ?? 720) + (box?.height ?? 0)).toBeLessThan(720);
  await page.screenshot({ path: join(pictures, 'first-view.png') });
});

test('a line chosen by its address is lit in the recording, in the table, and explained', async () => {
  const page = await book.open('#dial/node-tcp');
  await page.locator('.steps button.call', { hasText: 'EINPROGRESS' }).click();
  const line = page.locator('.row.chosen');
  await expect.poll(() => line.innerText()).toMatch(/connect\(.*EINPROGRESS/);
  const number = await line.locator('.number').innerText();
  expect(new URL(page.url()).hash).toBe(`#dial/node-tcp/client.strace:${number}`);
  expect(await page.locator('.steps .event.related').allInnerTexts()).toEqual(
    expect.arrayContaining(['→ SYN', '← SYN ACK', '→ ACK']),
  );
  expect(await page.locator('.inspector .means').innerText()).toMatch(
    /asks 10\.0\.0\.2 port 9000 for a connection/,
  );
});

test('nothing went wrong, and nothing was asked of anybody', () => {
  expect(book.wrong).toEqual([]);
});
