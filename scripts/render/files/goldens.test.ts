/**
 * Golden files by folder walk: `goldens/RUN/PATH` is what `report` writes to PATH of the recorded run RUN. A new golden is an empty
 * file at its place, and `vitest -u`.
 */
import { readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { references, wholeReference } from '../../live/reference.ts';
import { formatNames, formats } from './formats.ts';

const folder = fileURLToPath(new URL('goldens', import.meta.url));
const goldens = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep));

test('there is a golden file of each format for people, and each is of a recorded run', () => {
  const endings = ['.annotated.log', '.annotated.md', '.pkt', 'handout.md'];
  for (const ending of endings)
    expect(
      goldens.some((path) => path.join('/').endsWith(ending)),
      ending,
    ).toBe(true);
  expect(goldens.filter(([run = '']) => !references.includes(run))).toEqual([]);
});

describe.each(references)('%s', (name) => {
  const own = goldens.flatMap(([run, ...path]) => (run === name ? [path.join('/')] : []));

  test.runIf(own.length > 0)('gives its golden files', async () => {
    const whole = await wholeReference(name);
    const made = new Map(
      formatNames.flatMap((format) =>
        [...formats[format].render(whole)].flatMap(({ paths, content }) =>
          paths.map((path) => [path, content]),
        ),
      ),
    );
    for (const path of own) {
      await expect(made.get(path), path).toMatchFileSnapshot(join(folder, name, ...path.split('/')));
    }
  });
});
