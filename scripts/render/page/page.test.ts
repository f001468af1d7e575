/** The page of a recorded run, driven as people do. Pictures of what it looks like go to traces/local/pictures. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test, vi } from 'vitest';
import { loadLessons } from '../../cli/lessons.ts';
import { bookOf } from '../../live/book.ts';
import { pictures, referenceDocument, type OpenBook } from '../../live/browser.ts';

// A browser beside a busy lab.
vi.setConfig({ testTimeout: 180_000 });

const lessons = await loadLessons(undefined);
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const made = bookOf(() => referenceDocument('linux-6.18-root'));

const opened = async (...args: Parameters<OpenBook['open']>): Promise<Page> => {
  const page = await made.book.open(...args);
  await page.locator('.view [data-event]').first().waitFor();
  return page;
};
const picture = (page: Page, name: string) => page.screenshot({ path: join(pictures, `${name}.png`) });

/** WCAG's rules, A and AA, of axe-core; each violation with the elements it is about. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const found = await page.evaluate<string[]>(`axe
    .run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
    .then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => id + ' ' + target.join(' '))))`);
  return found;
}

test('a run of all lessons is less than 3 MB, the page’s code less than 150 KB', () => {
  const code = /<script>(.*)<\/script>\s*<\/body>/s.exec(made.document)?.[1] ?? '';
  const style = /<style>(.*)<\/style>/s.exec(made.document)?.[1] ?? '';
  expect(code.length).toBeGreaterThan(10_000);
  expect(code.length + style.length).toBeLessThan(150_000);
  expect(Buffer.byteLength(made.document)).toBeLessThan(3_000_000);
});

test('what connect(2) sent is the first view, for TCP and for UDP, without scrolling', async () => {
  const page = await opened();
  const connect = page.locator('tbody.step', {
    has: page.getByRole('rowheader', { name: 'connect', exact: true }),
  });
  const wire = connect.first().locator('tr.wire');
  const cells = await wire.locator('td').allInnerTexts();
  expect(cells[0]).toMatch(/→ SYN\s+← SYN ACK\s+→ ACK/);
  expect(cells[1]).toBe('nothing');
  const box = await wire.boundingBox();
  const view = await page.locator('.view').boundingBox();
  expect((box?.y ?? 720) + (box?.height ?? 0)).toBeLessThan((view?.y ?? 0) + (view?.height ?? 0));
  await picture(page, 'first-view');
  await page.close();
});

test('choosing a call lights up its packets everywhere, opens its line, and says what it means', async () => {
  const page = await opened('#dial/node-tcp');
  await page.locator('.view button.call', { hasText: 'EINPROGRESS' }).click();
  const line = page.locator('.recording .row.chosen');
  await expect.poll(() => line.innerText()).toMatch(/connect\(.*EINPROGRESS/);
  const number = await line.locator('.number').innerText();
  expect(new URL(page.url()).hash).toBe(`#dial/node-tcp/client.strace:${number}`);
  const related = page.locator('.view .event.related');
  expect(await related.allInnerTexts()).toEqual(expect.arrayContaining(['→ SYN', '← SYN ACK', '→ ACK']));
  expect(await page.locator('.inspector .means').innerText()).toMatch(
    /asks 10\.0\.0\.2 port 9000 for a connection/,
  );

  await page.getByRole('tab', { name: 'Packets' }).click();
  await expect.poll(() => page.locator('.recording .row.related').count()).toBeGreaterThan(2);
  await page.getByRole('tab', { name: 'LOG' }).click();
  await expect.poll(() => page.locator('.recording .row.related').first().innerText()).toMatch(/SYN/);
  await page.keyboard.press('2');
  await expect.poll(() => page.locator('.view .item.related').count()).toBeGreaterThan(2);
  await picture(page, 'sequence-lit');
  await page.close();
});

test('an address leads to an event, of any scene and recording', async () => {
  const page = await opened('#dial/node-tcp/syn-ack-lost/client.pcap%234');
  expect(await page.locator('select').first().inputValue()).toBe('syn-ack-lost');
  await expect.poll(() => page.locator('.recording .row.chosen .number').innerText()).toBe('4');
  expect(await page.locator('.fields').innerText()).toMatch(/destination port/);
  await picture(page, 'packet');
  await page.close();
});

test('a claim’s evidence leads to its line', async () => {
  const page = await opened('#dial/node-tcp');
  await page.keyboard.press('4');
  const row = page.locator('.ledger tbody', { hasText: 'tcp-einprogress' });
  expect(await row.innerText()).toMatch(/differs[\s\S]*SOCK_NONBLOCK/);
  await picture(page, 'claims');
  const link = row.locator('a.reference').first();
  const reference = await link.innerText();
  await link.click();
  await expect.poll(() => page.locator('.recording .row.chosen').innerText()).toMatch(/connect\(/);
  expect(new URL(page.url()).hash).toContain(reference);
  await page.close();
});

test.each(lessons.map(({ id }) => id))('every view and every recording of %s', async (id) => {
  const page = await opened(`#${id}`);
  for (const [key, what] of [
    ['1', '.view .step'],
    ['2', '.view svg .item'],
    ['3', '.view canvas'],
    ['4', '.view .ledger'],
  ] as const) {
    await page.keyboard.press(key);
    await page.locator(what).first().waitFor();
    await picture(page, `${id}-${key}`);
  }
  await page.keyboard.press('1');
  for (const tab of await page.getByRole('tab').all()) {
    await tab.click();
    const said = page.locator('.recording .row, .recording .empty').first();
    await expect.poll(() => said.innerText(), { message: await tab.innerText() }).not.toBe('opening …');
    expect((await said.innerText()).length).toBeGreaterThan(0);
  }
  await page.close();
});

test('class mode by keys alone: asks first, then shows; what comes next is not there', async () => {
  const page = await opened('#dial/node-tcp');
  await page.keyboard.press('c');
  const stage = page.locator('.stage');
  expect(await stage.innerText()).toMatch(/What does connect\(2\) do\?/);
  expect(await page.content()).not.toContain('EINPROGRESS');
  for (let n = 0; n < 12 && (await stage.locator('.now th', { hasText: 'connect' }).count()) === 0; n += 1)
    await page.keyboard.press('Space');
  expect(await stage.innerText()).toMatch(/What does it return\?/);
  expect(await stage.innerText()).not.toMatch(/EINPROGRESS|SYN/);
  await page.keyboard.press('Space');
  expect(await stage.innerText()).toMatch(/EINPROGRESS/);
  expect(await stage.innerText()).not.toMatch(/SYN ACK/);
  await page.keyboard.press('Space');
  await expect.poll(() => stage.innerText()).toMatch(/→ SYN\s+← SYN ACK/);
  await picture(page, 'class-mode');
  await page.keyboard.press('Backspace');
  await expect.poll(() => stage.innerText()).not.toMatch(/SYN ACK/);
  await page.keyboard.press('Escape');
  await page.locator('.view [data-event]').first().waitFor();
  await page.close();
});

test('filters and search, in the timeline and in its table', async () => {
  const page = await opened('#dial/node-tcp');
  await page.keyboard.press('/');
  await page.keyboard.type('getsockopt SO_ERROR');
  await page.keyboard.press('Enter');
  const rows = page.locator('.timelines [role=row]:not(.head)');
  await expect.poll(() => rows.count()).toBe(1);
  expect(await rows.first().innerText()).toMatch(/getsockopt/);
  await page.getByRole('button', { name: 'All', exact: true }).first().click();
  await page.getByLabel('recorder').selectOption('packets');
  await page.getByLabel('protocol').selectOption('arp');
  await expect.poll(() => rows.count()).toBe(2);
  await picture(page, 'timeline-filtered');
  await page.close();
});

test('the timeline zooms by keys, and a click on it chooses', async () => {
  const page = await opened('#echo/node-tcp');
  await page.keyboard.press('3');
  const canvas = page.locator('canvas').first();
  await canvas.focus();
  const wide = await page.locator('.timeline .legend').first().innerText();
  await page.keyboard.press('+');
  await expect.poll(() => page.locator('.timeline .legend').first().innerText()).not.toBe(wide);
  await page.keyboard.press('0');
  await expect.poll(() => page.locator('.timeline .legend').first().innerText()).toBe(wide);
  const box = await canvas.boundingBox();
  await canvas.click({ position: { x: (box?.width ?? 0) - 80, y: 24 } });
  await expect.poll(() => page.locator('.inspector h2').innerText()).toMatch(/client/);
  await picture(page, 'timeline');
  await page.close();
});

test('the table beside the sequence says what the diagram draws', async () => {
  const page = await opened('#lost/node-tcp/data-lost');
  await page.keyboard.press('2');
  const drawn = await page
    .locator('.view .item.packet')
    .evaluateAll((all) => all.map((one) => one.getAttribute('data-event')));
  await page.keyboard.press('t');
  const rows = page.locator('.view [role=row] [data-event]');
  await expect.poll(() => rows.count()).toBeGreaterThan(drawn.length);
  const told = await rows.evaluateAll((all) => all.map((one) => one.getAttribute('data-event')));
  expect(told).toEqual(expect.arrayContaining(drawn));
  await page.close();
});

test('a dropped segment ends before its goal, and its repetition says that it is one', async () => {
  const page = await opened('#lost/node-tcp/data-lost');
  // Only what is in sight is drawn.
  await page.setViewportSize({ width: 1280, height: 1400 });
  await page.keyboard.press('2');
  const flights = page.locator('.view .item.packet', { hasText: 'data 7 bytes' });
  await expect.poll(() => flights.count()).toBeGreaterThan(1);
  expect(await flights.nth(0).textContent()).toMatch(/✕ dropped/);
  expect(await flights.nth(0).locator('.stop').count()).toBe(1);
  expect(await flights.nth(1).textContent()).toMatch(/↻ data 7 bytes/);
  await page.close();
});

test('the handout prints on white paper, with the steps, the diagrams and the claims', async () => {
  const page = await opened('#dial/node-tcp', { dark: true });
  const pdf = await page.pdf({ path: join(pictures, 'handout.pdf'), preferCSSPageSize: true });
  expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
  await page.emulateMedia({ media: 'print' });
  await page.evaluate("dispatchEvent(new Event('beforeprint'))");
  const handout = page.locator('.handout');
  await handout.waitFor();
  expect(await page.locator('.frame').isVisible()).toBe(false);
  expect(await handout.innerText()).toMatch(
    /What does connect\(2\) do\?[\s\S]*SYN ACK[\s\S]*both dials call connect\(2\)[\s\S]*Questions/,
  );
  expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
  await page.close();
});

test('what was not observed, and where the article is imprecise', async () => {
  const page = await made.book.open('#/unobserved');
  expect(await page.locator('main').innerText()).toMatch(/tcp-many|a TCP dial runs many/);
  await picture(page, 'unobserved');
  await page.getByRole('link', { name: /Where the article is imprecise/ }).click();
  await page.getByRole('heading', { name: 'Where the article is imprecise' }).waitFor();
  expect(await page.locator('.difference').count()).toBeGreaterThan(5);
  await picture(page, 'imprecise');
  await page.getByRole('link', { name: 'How it was recorded' }).click();
  await page.getByRole('heading', { name: 'How it was recorded' }).waitFor();
  expect(await page.locator('main').innerText()).toMatch(/kernel\.log[\s\S]*± \d+ µs/);
  await page.close();
});

test.each([false, true])('axe-core finds nothing, in the light or in the dark (%s)', async (dark) => {
  const page = await opened('#dial/node-tcp', { dark });
  await page.locator('.view button.call').first().click();
  const found: string[] = [];
  for (const key of ['1', '2', 't', '3', '4']) {
    await page.keyboard.press(key);
    found.push(...(await violations(page)).map((one) => `${key}: ${one}`));
  }
  await page.getByRole('tab', { name: 'Packets' }).click();
  await picture(page, dark ? 'dark' : 'light');
  found.push(...(await violations(page)));
  await page.keyboard.press('?');
  found.push(...(await violations(page)));
  await page.keyboard.press('Escape');
  for (const hash of ['#/imprecise', '#/unobserved', '#/run']) {
    await page.evaluate(`location.hash = '${hash}'`);
    await page.locator('.document').waitFor();
    found.push(...(await violations(page)).map((one) => `${hash}: ${one}`));
  }
  await page.keyboard.press('c');
  found.push(...(await violations(page)).map((one) => `class: ${one}`));
  expect(found).toEqual([]);
  await page.close();
});

test('nothing went wrong in all this, and nothing was asked of anybody', () => {
  expect(made.book.wrong).toEqual([]);
});
