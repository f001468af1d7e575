/** README.md and docker/README.md: every command is one that a test runs, and what is said of files is so. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectFolder } from '../cli/project.ts';
import { codeBlocks, codeInProse, commandsOf } from './code-blocks.ts';
import { readReference, referenceFolder, references } from './reference.ts';
import { commands, inProse } from './readme-commands.ts';

const files = ['README.md', 'docker/README.md'];
const readme = await codeBlocks('README.md');
const block = (begin: string): string[] =>
  readme.find(({ text }) => text.startsWith(begin))?.text.split('\n') ?? [];

test('every command line of a code block is one that a test runs', async () => {
  const blocks = (await Promise.all(files.map(codeBlocks))).flat();
  const lines = blocks.filter(({ language, indented }) => language === 'sh' || indented).flatMap(commandsOf);
  expect(lines.filter((line) => !Object.hasOwn(commands, line))).toEqual([]);
  // In the order of the text, in which they are typed.
  expect(Object.keys(commands)).toEqual([...new Set(lines)]);
});

test('every command in a sentence is one, too', async () => {
  const verbs = (await readFile(join(projectFolder, 'Makefile'), 'utf8')).matchAll(/^([a-z-]+):.*##/gm);
  const known = new Set([
    ...Object.keys(commands),
    ...Object.keys(inProse),
    ...[...verbs].map(([, verb]) => `make ${verb}`),
  ]);
  const said = (await Promise.all(files.map(codeInProse))).flat();
  const typed = said.filter((text) => /^(?:make|npx|node|diff|less) /.test(text));
  expect(typed.length).toBeGreaterThan(5);
  expect(typed.filter((text) => !known.has(text))).toEqual([]);
  expect(Object.keys(inProse).filter((text) => !said.includes(text))).toEqual([]);
});

test('what make lab prints is an excerpt of the report beside it', async () => {
  const report = await readFile(join(referenceFolder('linux-6.18-root'), 'report.txt'), 'utf8');
  const pieces = block('dial · ').join('\n').split('\n…\n');
  expect(pieces.length).toBeGreaterThan(1);
  for (const piece of pieces) expect(`\n${report}`.includes(`\n${piece}\n`), piece).toBe(true);
});

test('the files of a run are those that runs have', async () => {
  const names = block('traces/latest → ').flatMap((line) => line.match(/\b[a-z]+(?:\.[a-z]+)+\b/g) ?? []);
  const runs = await Promise.all(references.map(readReference));
  const recorded = new Set(
    runs.flatMap(({ run }) => run.scenes.flatMap((scene) => Object.keys(scene.files))),
  );
  const named = new Set(names);
  expect([...recorded].filter((name) => !named.has(name) && !name.startsWith('stranger.'))).toEqual([]);
  expect(names.filter((name) => !recorded.has(name)).toSorted()).toEqual(['run.json']);
});

test('the folders of the layout are there', () => {
  const paths = block('lab/node/ ').flatMap(
    (line) => line.match(/\b(?:lab|scripts|docker|traces)\/[\w/-]*/g) ?? [],
  );
  expect(paths.length).toBeGreaterThan(14);
  expect(paths.filter((path) => !existsSync(join(projectFolder, path)))).toEqual([]);
});

test.each(files)('%s links to files that are there', async (file) => {
  const text = await readFile(join(projectFolder, file), 'utf8');
  const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, path = '']) => path);
  expect(links.filter((path) => !existsSync(join(projectFolder, file, '..', path)))).toEqual([]);
});
