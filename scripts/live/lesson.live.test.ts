/** A lesson is one file. README's is taken from its text and played in each place that README names. */
import { execa } from 'execa';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectFolder } from '../cli/project.ts';
import { privateCheckout, type Checkout, type Ran } from './checkout.ts';
import { codeBlocks, commandsOf } from './code-blocks.ts';
import { needsRoot, scratch } from './lab.ts';

const blocks = await codeBlocks('README.md');
const at = blocks.findIndex(({ language }) => language === 'ts');
const lesson = `${blocks[at]?.text ?? ''}\n`;
const [command = ''] = commandsOf(blocks[at + 1] ?? { text: '', language: '', indented: false });

test('any user: README’s lesson is the one that the type checker and the linter see', async () => {
  expect(lesson).toBe(await readFile(join(projectFolder, 'scripts/live/lessons/14-knock.ts'), 'utf8'));
});

/** Its verdicts, the answer to its question, and the count. */
const played = ({ exitCode, stdout }: Ran) => ({
  exitCode,
  lines: [...stdout.matchAll(/^[✔✘?] .*? {2}no:|No: .*?\.|^\d+ met.*/gm)].map(([line]) =>
    line.replaceAll(/ +/g, ' '),
  ),
});

const asItShould = {
  exitCode: 0,
  lines: [
    '✔ agrees nobody-knocks UDP no:',
    '✔ agrees nobody-knocks UDP libc no:',
    'No: nothing of a connect(2) leaves the client.',
    '2 met, 0 unmet, 0 unobserved',
  ],
};

test('root: in a folder outside of the checkout', async (context) => {
  needsRoot(context);
  await using checkout = await privateCheckout();
  const folder = await homeFolder(checkout);
  await writeFile(join(folder, '14-knock.ts'), lesson);
  expect(played(await checkout.run(command))).toEqual(asItShould);
});

test('root: in a folder that is a CommonJS package, as npm init makes it', async (context) => {
  needsRoot(context);
  await using checkout = await privateCheckout();
  const folder = await homeFolder(checkout);
  await writeFile(join(folder, 'package.json'), '{ "type": "commonjs" }');
  await writeFile(join(folder, 'words.ts'), "export const question = 'who knocks?';\n");
  const own = `import { question } from './words.ts';\n${lesson.replace(/question: .*/, 'question,')}`;
  await writeFile(join(folder, '14-knock.ts'), own);
  const { stdout, stderr } = await checkout.run(command);
  expect(stdout, stderr).toContain('knock · who knocks?');
});

test('root: beside the project’s own', async (context) => {
  needsRoot(context);
  await using checkout = await privateCheckout();
  const there = 'cat >scripts/lessons/14-knock.ts';
  await checkout.run(there, { input: lesson });
  expect(played(await checkout.run('make lab LESSON=knock ARGS=--answers'))).toEqual(asItShould);
});

async function homeFolder({ home }: Checkout): Promise<string> {
  const folder = join(home, /~\/([\w-]+)/.exec(command)?.[1] ?? '');
  await mkdir(folder);
  return folder;
}

test('any user: an editor finds the types in a folder that links to the checkout', async () => {
  await using folder = await scratch();
  await mkdir(join(folder.path, 'node_modules'));
  const check = async (text: string) => {
    await writeFile(join(folder.path, '14-knock.ts'), text);
    const flags = ['--noEmit', '--strict', '--module', 'nodenext', '--allowImportingTsExtensions'];
    const tsc = join(projectFolder, 'node_modules/.bin/tsc');
    const { stdout } = await execa(tsc, [...flags, '14-knock.ts'], { cwd: folder.path, reject: false });
    return stdout;
  };
  expect(await check(lesson)).toMatch(/TS2307: Cannot find module 'echolab\/expectation'/);
  await symlink(projectFolder, join(folder.path, 'node_modules/echolab'));
  const wrong = await check(lesson.replace("act: 'exited'", "act: 'exit'"));
  expect(wrong.split('\n').filter((line) => line.includes('error'))).toEqual([
    expect.stringMatching(/TS2\d+: .*"exit"/),
  ]);
});
