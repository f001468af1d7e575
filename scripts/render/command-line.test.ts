/** Every recorded command line, as it can be typed again on a host. */
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { readReference, references } from '../live/reference.ts';
import { commandLine } from './command-line.ts';

test.each(references)('%s: a strace of a program of lab/, without what led to its host', async (name) => {
  const { run } = await readReference(name);
  const commands = run.scenes.flatMap((scene) => scene.commands);
  expect(commands.length).toBeGreaterThan(10);
  for (const command of commands) {
    const line = commandLine(command);
    expect(line).toMatch(
      /^strace (?:-k )?-f .* -o scratch\/\S+\.strace node (?:--\S+ )*lab\/(?:node|libc)\/\S+\.ts /,
    );
    expect(line).not.toMatch(/nsenter|setpriv|--target/);
  }
});

test('a shell reads the words that the program got', async () => {
  const argv = ['/run/echolab/node', '/run/echolab/lab/x.ts', "it's", '$HOME *', 'HELLO!!', '\u202e\n\\', ''];
  const line = commandLine({
    host: 'client',
    argv,
    traced: ['nsenter', '--net', 'strace', '-o', '/run/echolab/scratch/l', ...argv],
  });
  expect(line).not.toContain('\u202e');
  for (const LC_ALL of ['C', 'C.UTF-8']) {
    const { stdout } = await execa('bash', ['-c', `printf '%s\\0' ${line}`], { env: { LC_ALL } });
    const words = ['strace', '-o', 'scratch/l', 'node', 'lab/x.ts', ...argv.slice(2)];
    expect(stdout.split('\0').slice(0, -1)).toEqual(words);
  }
});

test('a program whose input ended at once gets none', () => {
  const argv = ['node', 'lab/x.ts', '-'];
  const command = { host: 'client', argv, traced: ['strace', ...argv] };
  const ends = { act: 'end-input', host: 'client' } as const;
  expect(commandLine(command, [ends])).toBe('strace node lab/x.ts - </dev/null');
  expect(commandLine(command, [{ act: 'input', host: 'client', text: 'x' }, ends])).toBe(
    'strace node lab/x.ts -',
  );
  expect(commandLine(command, [{ ...ends, host: 'server' }])).toBe('strace node lab/x.ts -');
});
