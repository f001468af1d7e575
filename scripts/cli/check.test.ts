/** `make check` must refuse what hurts most here. Each offence is put into a project of its own with these rules. */
import { execa } from 'execa';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { projectFolder } from './project.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'echolab-check-'));
  for (const name of ['.oxlintrc.json', 'tsconfig.json', 'package.json']) {
    await cp(join(projectFolder, name), join(folder, name));
  }
  await symlink(join(projectFolder, 'node_modules'), join(folder, 'node_modules'));
  await writeFile(join(folder, '.gitignore'), 'node_modules\n');
});
afterEach(() => rm(folder, { recursive: true }));

async function check(file: string, source: string): Promise<string> {
  await mkdir(dirname(join(folder, file)), { recursive: true });
  await writeFile(join(folder, file), source);
  const tools = ['tsc', 'oxlint'].map((tool) =>
    execa(join(projectFolder, 'node_modules/.bin', tool), [], { cwd: folder, reject: false, all: true }),
  );
  const results = await Promise.all(tools);
  return results
    .map(({ exitCode, all }) => (exitCode === 0 ? '' : all))
    .join('\n')
    .trim();
}

const awaited =
  "import { execa } from 'execa';\n\nexport async function run(): Promise<void> {\n  await execa('true');\n}\n";

test('what is right passes', async () => {
  expect(await check('scripts/record/right.ts', awaited)).toBe('');
});

test.each([
  [
    'a forgotten await on a process',
    'scripts/record/x.ts',
    awaited.replace('await execa', 'execa'),
    /no-floating-promises/,
  ],
  ['an enum', 'scripts/model/x.ts', 'export enum Colour {\n  Red,\n}\n', /erasableSyntaxOnly/],
  [
    'node:fs in a pure folder',
    'scripts/judge/x.ts',
    "import { readFileSync } from 'node:fs';\n\nexport const x = readFileSync('x');\n",
    /a pure folder does not touch the world/,
  ],
  [
    'a bare fs, which the rule above would miss',
    'scripts/judge/x.ts',
    "import { readFileSync } from 'fs';\n\nexport const x = readFileSync('x');\n",
    /prefer-node-protocol/,
  ],
  [
    'a recorder in a pure folder',
    'scripts/parse/x.ts',
    "import { nowNs } from '../record/clock.ts';\n\nexport const x = nowNs;\n",
    /a pure folder does not touch the world/,
  ],
  [
    'the clock in a pure folder',
    'scripts/render/x.ts',
    'export const x = (): void => void setTimeout(() => undefined, 5);\n',
    /no-restricted-globals/,
  ],
])('%s is refused', async (_, file, source, message) => {
  expect(await check(file, source)).toMatch(message);
});
