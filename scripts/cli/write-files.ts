/** Writes the files that are made from a run into its folder. */
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { linkWhole, makeFolders, writeWhole } from '../record/store.ts';
import { formatNames, formats, type Format } from '../render/files/formats.ts';
import type { WholeRun } from '../render/files/renderer.ts';
import { noSuch } from './usage.ts';

/** The page is beside the others: its program has to be bundled first. */
export type Kind = Format | 'html';
const kinds: readonly Kind[] = ['html', ...formatNames];

export const aboutKind = (name: Kind): string =>
  name === 'html' ? 'the page to project, in any browser, offline' : formats[name].about;

/** @param names `pcapng,perfetto`; all where it is undefined */
export function chooseFormats(names: string | undefined): readonly Kind[] {
  if (names === undefined || names === '') return kinds;
  return names.split(',').map((name) => {
    const found = kinds.find((one) => one === name);
    if (found !== undefined) return found;
    throw noSuch('format', name, kinds);
  });
}

/** What `--format` offers, a line each. */
export const formatHelp = (): string =>
  kinds.map((name) => `    ${name.padEnd(12)} ${aboutKind(name)}\n`).join('');

/** How many files there are of each format, and one of them. */
export interface Written {
  readonly name: Kind;
  readonly count: number;
  readonly example: string;
}

/** At most so many files are on their way to the disk while the next ones are made. */
const atOnce = 256;

/** @param page the page's text, or why it cannot be made */
export async function writeFiles(
  folder: string,
  whole: WholeRun,
  names: readonly Kind[],
  page: () => Promise<string>,
): Promise<Written[]> {
  await makeFolders(folder, new Set(whole.plays.flatMap(({ folders }) => folders)));
  const writing = new Set<Promise<void>>();
  const write = (path: string, content: string | Uint8Array | Promise<string>, more: readonly string[]) => {
    const one = Promise.resolve(content)
      .then((made) => writeWhole(path, made))
      .then(() => linkWhole(path, more));
    writing.add(one);
    // What went wrong is told by whoever waits for it.
    void one.then(
      () => writing.delete(one),
      () => {},
    );
  };
  const written: Written[] = [];
  for (const name of names) {
    if (name === 'html') {
      // It shrinks its data on other threads, while the next files are made.
      write(join(folder, 'report.html'), page(), []);
      written.push({ name, count: 1, example: 'report.html' });
      await turn();
      continue;
    }
    let count = 0;
    let example = '';
    for (const { paths, content } of formats[name].render(whole)) {
      const [path = '', ...more] = paths.map((one) => join(folder, ...one.split('/')));
      write(path, content, more);
      count += paths.length;
      example ||= paths[0] ?? '';
      // Whatever was begun only goes on when the event loop turns.
      await turn();
      while (writing.size >= atOnce) await Promise.race(writing);
    }
    written.push({ name, count, example });
  }
  await Promise.all(writing);
  return written;
}
