/**
 * What the page takes to show a scene of 100,000 events, and how it scrolls: `node scripts/bench/page.ts [EVENTS]`. Times
 * are the browser's own; the first view is there when the first event of the step table is.
 */
import type { CDPSession, Page } from 'playwright-core';
import { openBook, pageDataOf } from '../live/browser.ts';
import { pageDocument } from '../cli/page.ts';
import { busyRun } from './busy.ts';

const frameMs = 1000 / 60;

export async function benchPage(events: number): Promise<string[]> {
  const { run, files } = await busyRun(events);
  const began = performance.now();
  const data = await pageDataOf(run, files, 'busy');
  const made = performance.now();
  const document = await pageDocument(data);
  const written = performance.now();
  const count = data.bodies.reduce((sum, body) => sum + body.events.rows, 0);
  await using book = await openBook(document);
  const page = await book.open('#echo/libc-udp', { watch: '.view [data-event]' });
  await page.locator('.view [data-event]').first().waitFor();
  const firstView = await page.evaluate<number>('globalThis.seenMs');
  const lines = [
    `page of ${count} events: ${(document.length / 1e6).toFixed(1)} MB; data made in ${seconds(made - began)}, document in ${seconds(written - made)}`,
    `  first view ${firstView.toFixed(0).padStart(28)} ms   target < 1000`,
    '  frames, 16.7 ms each:             median    95 %    most',
  ];
  const session = await page.context().newCDPSession(page);
  // Of the page's main thread, whatever else the machine does.
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const measure = async (title: string, act: () => Promise<number[]>) => {
    const before = await busySeconds(session);
    const times = await act();
    const work = ((await busySeconds(session)) - before) / times.length;
    lines.push(`  ${title.padEnd(32)} ${sayFrames(times)}   ${(work * 1000).toFixed(1)} ms of work each`);
  };
  await measure('nothing moves', () => frames(page, 'body'));
  for (const [title, key, selector] of [
    ['scrolling the strace log', '1', '.recording .rows'],
    ['scrolling the step table', '1', '.view'],
    ['scrolling the sequence diagram', '2', '.view'],
    ['scrolling the table of events', '3', '.timelines .rows'],
  ] as const) {
    await page.keyboard.press(key);
    await page.locator(selector).first().waitFor();
    await measure(title, () => frames(page, selector));
  }
  await page.locator('canvas').first().focus();
  await measure('zooming the timeline', () => zoomFrames(page));
  return [...lines, ...book.wrong.map((wrong) => `  wrong: ${wrong}`)];
}

async function busySeconds(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN;
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

/** Pixels: a screen every second frame, as after a strong flick. */
const flick = 200;

/** Scrolls for two seconds, and gives the time from each frame to the next. */
const frames = (page: Page, selector: string): Promise<number[]> =>
  page.evaluate<number[]>(`new Promise((resolve) => {
    const box = document.querySelector(${JSON.stringify(selector)});
    const times = [];
    let last = performance.now();
    const tick = (now) => {
      times.push(now - last);
      last = now;
      box.scrollTop += ${flick};
      if (times.length < 120) requestAnimationFrame(tick);
      else resolve(times.slice(1));
    };
    requestAnimationFrame(tick);
  })`);

async function zoomFrames(page: Page): Promise<number[]> {
  const measured = page.evaluate<number[]>(`new Promise((resolve) => {
    const times = [];
    let last = performance.now();
    const tick = (now) => {
      times.push(now - last);
      last = now;
      if (times.length < 90) requestAnimationFrame(tick);
      else resolve(times.slice(1));
    };
    requestAnimationFrame(tick);
  })`);
  for (let n = 0; n < 20; n += 1) await page.keyboard.press(n < 10 ? '+' : 'ArrowRight');
  return measured;
}

/** Median, 95th percentile, longest; and how many frames took more than one and a half of the screen's. */
function sayFrames(times: readonly number[]): string {
  const sorted = times.toSorted((one, other) => one - other);
  const at = (part: number) => (sorted[Math.floor((sorted.length - 1) * part)] ?? 0).toFixed(1).padStart(6);
  const late = times.filter((time) => time > 1.5 * frameMs).length;
  return `${at(0.5)} ${at(0.95)} ${at(1)} ms, ${late} of ${times.length} late`;
}

if (import.meta.main) console.log((await benchPage(Number(process.argv[2] ?? 100_000))).join('\n'));
