/** On a terminal: the line that says what is being recorded does not stay. script(1) is the terminal. */
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { needsRoot, scratch } from '../live/lab.ts';
import { mainFile } from './project.ts';

const ctrlC = '\x03';

/** What a terminal shows in its last line of all that was written to it. */
const lastLine = (written: string): string => {
  const line = written.trimEnd().split('\n').at(-1) ?? '';
  return line.slice(line.lastIndexOf('\r\x1b[K') + 1);
};

test('root, a terminal: Ctrl-C takes the progress line away, and leaves its own exit status', async (context) => {
  needsRoot(context);
  await using folder = await scratch();
  const command = `${process.execPath} ${mainFile} lab --traces ${folder.path}`;
  const terminal = execa('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    ...{ reject: false, stdin: 'pipe', env: { LAB_BACKEND: 'namespaces' } },
  });
  let written = '';
  terminal.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (!written.includes('recording') && (written + text).includes('recording')) terminal.stdin.write(ctrlC);
    written += text;
  });
  const { exitCode } = await terminal;
  expect(written).toMatch(/recording \d+\/\d+ /);
  expect(lastLine(written)).toBe('\x1b[K');
  expect(exitCode).toBe(130);
});
