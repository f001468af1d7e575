/** `make lab` installs no devDependencies: what it runs must not import any, and package-lock.json must be up to date. */
import { build } from 'esbuild';
import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { projectFolder } from './project.ts';

/** What is started or bundled by its name; the rest is imported from there. */
const entryPoints = [
  ...['scripts/cli/main.ts', 'scripts/cli/echolab.js', 'scripts/strace-parser/bin/strace-parser.js'],
  ...['scripts/lessons/*.ts', 'lab/**/*.ts', 'scripts/render/page/app/main.tsx'],
].flatMap((pattern) =>
  globSync(pattern, { cwd: projectFolder }).filter((path) => !path.endsWith('.test.ts')),
);

const Packages = z.object({
  dependencies: z.record(z.string(), z.string()),
  devDependencies: z.record(z.string(), z.string()),
  optionalDependencies: z.record(z.string(), z.string()),
  engines: z.record(z.string(), z.string()),
});
const read = async (name: string): Promise<unknown> =>
  JSON.parse(await readFile(join(projectFolder, name), 'utf8'));

test('what make lab runs imports production dependencies only', async () => {
  const { metafile } = await build({
    ...{ entryPoints, absWorkingDir: projectFolder, write: false, outdir: '-', entryNames: '[hash]' },
    ...{ bundle: true, packages: 'external', platform: 'node', format: 'esm', metafile: true },
    logLevel: 'silent',
  });
  const imports = Object.values(metafile.inputs).flatMap((input) => input.imports);
  // Lessons import the project itself by its name.
  const outside = imports.filter(
    ({ external, path }) => external === true && !/^(node:|echolab\/)/.test(path),
  );
  // `preact/hooks` is of preact, `@scope/name/part` of @scope/name.
  const names = outside.map(({ path }) => /^(@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? path);
  const { dependencies } = Packages.parse(await read('package.json'));
  expect([...new Set(names)].toSorted()).toEqual(Object.keys(dependencies).toSorted());
});

test('package-lock.json is that of package.json', async () => {
  const lock = z.object({ packages: z.object({ '': Packages }) }).parse(await read('package-lock.json'));
  expect(lock.packages['']).toEqual(Packages.parse(await read('package.json')));
});
