/** Writes the files that are made from a run into its folder. */
import { join } from 'node:path';
import { linkWhole, makeFolders, writeWhole } from '../record/store.ts';
import { formatNames, formats, type Format } from '../render/files/formats.ts';
import type { WholeRun } from '../render/files/renderer.ts';
import { UsageError } from './usage.ts';

/** @param names `pcapng,perfetto`; all where it is undefined */
export function chooseFormats(names: string | undefined): readonly Format[] {
  if (names === undefined || names === '') return formatNames;
  return names.split(',').map((name) => {
    const found = formatNames.find((one) => one === name);
    if (found !== undefined) return found;
    throw new UsageError(`there is no format '${name}'; there are ${formatNames.join(', ')}`);
  });
}

/** What `--format` offers, a line each. */
export const formatHelp = (): string =>
  formatNames.map((name) => `    ${name.padEnd(12)} ${formats[name].about}\n`).join('');

/** How many files there are of each format, and one of them. */
export interface Written {
  readonly name: Format;
  readonly count: number;
  readonly example: string;
}

/** Each file is on its way to the disk while the next one is made. */
export async function writeFiles(
  folder: string,
  whole: WholeRun,
  names: readonly Format[],
): Promise<Written[]> {
  await makeFolders(folder, new Set(whole.plays.flatMap(({ folders }) => folders)));
  const writing: Promise<void>[] = [];
  const written = names.map((name): Written => {
    let count = 0;
    let example = '';
    for (const { paths, content } of formats[name].render(whole)) {
      const [path = '', ...more] = paths.map((one) => join(folder, ...one.split('/')));
      writing.push(writeWhole(path, content).then(() => linkWhole(path, more)));
      count += paths.length;
      example ||= paths[0] ?? '';
    }
    return { name, count, example };
  });
  await Promise.all(writing);
  return written;
}
