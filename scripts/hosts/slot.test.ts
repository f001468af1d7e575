/** A slot only needs a bash: the machine's own serves here as well as a container's. */
import { execaSync } from 'execa';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { scratch } from '../live/lab.ts';
import type { Process } from './process.ts';
import { openSlots } from './slot.ts';

const open = () => openSlots((announce) => ['sh', '-c', `${announce}; exec bash "$@"`, 'sh', '--norc']);

const told = async (starting: Process | Promise<Process>) => {
  const { stdout, stderr, ended } = await starting;
  const [out, complaints, { exitCode, signal }] = await Promise.all([text(stdout), text(stderr), ended]);
  return [out, complaints, exitCode ?? signal];
};

test('programs run one after the other, each with its own output and exit status', async () => {
  const slot = open();
  expect(await told(slot.start(['printf', '%s', "it's\n$HOME"], true))).toEqual(["it's\n$HOME", '', 0]);
  expect(await told(slot.start(['sh', '-c', 'echo out; echo err >&2; exit 23'], true))).toEqual([
    'out\n',
    'err\n',
    23,
  ]);
  // Of a program that a signal ends bash must not speak in the program's name.
  expect(await told(slot.start(['sh', '-c', 'kill -KILL $$'], true))).toEqual(['', '', 'SIGKILL']);
  const binary = slot.start(['printf', String.raw`\0\0 exit 0\0\377\0`], true);
  expect(await told(binary)).toEqual(['\0\0 exit 0\0\ufffd\0', '', 0]);
  slot.close();
});

test('what a program says is there while it runs, NULs too', async () => {
  const slot = open();
  const program = await slot.start(['sh', '-c', String.raw`printf 'a\0b\n'; read -r _`], true);
  const [first] = await once(program.stdout, 'data');
  expect(String(first)).toBe('a\0b\n');
  program.endInput();
  expect((await told(program)).at(2)).toBe(1);
  slot.close();
});

test('the number is the program’s own, there before it ends', async () => {
  const slot = open();
  const program = await slot.start(['sh', '-c', 'echo $$; exec sleep 100'], true);
  const pid = await program.pid;
  const said = told(program);
  execaSync('sh', ['-c', 'kill -TERM "$0"', String(pid)]); // sh's own: a small Debian has no other
  expect((await said).at(2)).toBe('SIGTERM');
  slot.close();
});

test('a program whose input is used gets it all, and the next one a new bash', async () => {
  const slot = open();
  const reader = await slot.start(['head', '-n', '1'], true);
  reader.input('one\ntwo, which nobody reads\n');
  expect(await told(reader)).toEqual(['one\n', '', 0]);
  const all = await slot.start(['cat'], true);
  all.input('three\n');
  all.endInput();
  expect(await told(all)).toEqual(['three\n', '', 0]);
  expect(await told(slot.start(['echo', 'four'], true))).toEqual(['four\n', '', 0]);
  slot.close();
});

test('where no bash starts, the program has not started either', async () => {
  const slots = openSlots(() => ['sh', '-c', 'echo no such container >&2; exit 1', 'sh']);
  const program = await slots.start(['true'], true);
  expect(await told(program)).toEqual(['', 'no such container\n', 1]);
  expect(await program.pid).toBeUndefined();
});

test('what is to be followed announces itself before it starts anything, each bash anew', async () => {
  await using folder = await scratch();
  const file = join(folder.path, 'announced');
  const asked: string[] = [];
  const slots = open();
  slots.follow({
    announce: (id) => `echo ${id} $$ >>${file}`,
    async follows(id) {
      asked.push(id);
    },
  });
  const reader = await slots.start(['cat', file], true);
  reader.endInput();
  const parent = await slots.start(['sh', '-c', 'echo $PPID'], true);
  // The tracer follows the children of the process that has announced itself.
  const [first, second] = [(await told(reader))[0], (await told(parent))[0]];
  expect(first).toMatch(new RegExp(`^${asked[0]} \\d+\n`));
  expect(await readFile(file, 'utf8')).toContain(`${asked[1]} ${String(second)}`);
  // Aside of it nothing is announced.
  await told(slots.start(['true'], false));
  expect(asked).toHaveLength(2);
  slots.close();
});
