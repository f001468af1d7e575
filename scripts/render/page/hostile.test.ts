/** Whatever a program prints, sends or is called by, on the page it is text: nothing of it runs, none of it turns around. */
import { expect, test, vi } from 'vitest';
import { pageDocument } from '../../cli/page.ts';
import { bookOf } from '../../live/book.ts';
import { pageDataOf } from '../../live/browser.ts';
import { readReference } from '../../live/reference.ts';
import type { SceneRecord } from '../../model/run.ts';

vi.setConfig({ testTimeout: 180_000 });

const escapes = '\u001B]0;owned\u0007\u001B[31m';
const bidi = '\u202E\u2066';
const attack = `</script><script>globalThis.owned = 1</script><img src=x onerror="owned=1">-->`;

/** What must reach no screen: a terminal's escapes, marks that turn text around. */
const forbidden = ['\u001B', '\u0007', '\u202E', '\u2066'];

const made = bookOf(async () => {
  const { run, files } = await readReference('linux-6.18-root');
  const [record, recorded] = [...files].find(([{ folder }]) => folder === 'echo/node-tcp') ?? [];
  if (record === undefined || recorded === undefined) throw new Error('no such scene');
  const edited = new Map(
    [...recorded].map(([name, bytes]) => {
      if (!/\.(?:strace|out)$/.test(name)) return [name, bytes] as const;
      // What a program sends and prints; strace writes what is not ASCII as escapes.
      const said = name.endsWith('.out') ? attack + escapes + bidi : attack.replaceAll('"', String.raw`\"`);
      return [
        name,
        Buffer.from(
          Buffer.from(bytes)
            .toString()
            .replaceAll('HELLO!!', said)
            .replaceAll('connected:', `connected: ${said}`),
        ),
      ] as const;
    }),
  );
  edited.set(`client.state`, Buffer.from(`# before 1 ${attack}${escapes}${bidi}\n`));
  const named: SceneRecord = {
    ...record,
    folder: `echo/${attack}${bidi}`,
    commands: record.commands.map((command) => ({ ...command, traced: [attack, escapes, bidi] })),
    losses: [{ source: `${attack}${bidi}`, why: attack }],
  };
  const hostile = {
    ...run,
    machine: { ...run.machine, kernel: attack, system: attack + bidi },
    scenes: [named],
  };
  return pageDocument(await pageDataOf(hostile, new Map([[named, edited]]), `${attack}${bidi}`));
});

test('the file itself holds none of it', () => {
  expect(made.document.includes('<img') || made.document.includes(attack)).toBe(false);
  expect(forbidden.filter((char) => made.document.includes(char))).toEqual([]);
});

test('every view shows it as text and runs nothing', async () => {
  const page = await made.book.open('#echo/node-tcp');
  await page.locator('.view [data-event]').first().waitFor();
  const scripts = await page.locator('script').count();
  let seen = '';
  const look = async () => {
    await page.waitForTimeout(50);
    seen += await page.locator('#page').innerText();
    const text = (await page.locator('#page').textContent()) ?? '';
    expect(forbidden.filter((char) => text.includes(char))).toEqual([]);
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.locator('script').count()).toBe(scripts);
  };
  for (const key of ['1', '2', 't', '3', '4']) {
    await page.keyboard.press(key);
    await look();
  }
  for (const tab of await page.getByRole('tab').all()) {
    await tab.click();
    await look();
  }
  for (const hash of ['#/unobserved', '#/run', '#/imprecise']) {
    await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
    await page.locator('.document').waitFor();
    await look();
  }
  await page.evaluate(`location.hash = '#echo/node-tcp/client.out:1'`);
  await page.locator('.inspector .means').waitFor();
  await look();
  expect(seen).toContain('</script><script>globalThis.owned = 1</script>');
  expect(seen).toContain(String.raw`\x1b[31m`);
  expect(seen).toContain(String.raw`\x202e`);
  expect(await page.evaluate('globalThis.owned')).toBeUndefined();
});

test('an address does no harm either', async () => {
  const page = await made.book.open(`#${encodeURIComponent(attack)}/${attack}/%E2%80%AE%zz:1`);
  await page.locator('.view [data-event]').first().waitFor();
  expect(await page.locator('img').count()).toBe(0);
  expect(made.book.wrong).toEqual([]);
});
