/** A slot only needs a bash: the machine's own serves here as well as a container's. */
import { execaSync } from 'execa';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { openSlot } from './docker-slot.ts';
import type { Process } from './process.ts';

const told = async ({ stdout, stderr, ended }: Process) => {
  const [out, complaints, { exitCode }] = await Promise.all([text(stdout), text(stderr), ended]);
  return [out, complaints, exitCode];
};

test('programs run one after the other, each with its own output and exit status', async () => {
  const slot = openSlot(['bash', '--noprofile', '--norc']);
  expect(await told(slot.start(['printf', '%s', "it's\n$HOME"]))).toEqual(["it's\n$HOME", '', 0]);
  expect(await told(slot.start(['sh', '-c', 'echo out; echo err >&2; exit 23']))).toEqual([
    'out\n',
    'err\n',
    23,
  ]);
  // Of a program that a signal ends bash must not speak in the program's name.
  expect(await told(slot.start(['sh', '-c', 'kill -KILL $$']))).toEqual(['', '', 137]);
  const binary = slot.start(['printf', String.raw`\0\0 exit 0\0\377\0`]);
  expect(await told(binary)).toEqual(['\0\0 exit 0\0\ufffd\0', '', 0]);
  slot.close();
});

test('the number is the program’s own, there before it ends', async () => {
  const slot = openSlot(['bash']);
  const program = slot.start(['sh', '-c', 'echo $$; exec sleep 100']);
  const pid = await program.pid;
  const said = told(program);
  execaSync('kill', ['-TERM', String(pid)]);
  expect((await said).at(2)).toBe(143);
  slot.close();
});

test('a program whose input is used gets it all, and the next one a new bash', async () => {
  const slot = openSlot(['bash']);
  const reader = slot.start(['head', '-n', '1']);
  reader.input('one\ntwo, which nobody reads\n');
  expect(await told(reader)).toEqual(['one\n', '', 0]);
  const all = slot.start(['cat']);
  all.input('three\n');
  all.endInput();
  expect(await told(all)).toEqual(['three\n', '', 0]);
  expect(await told(slot.start(['echo', 'four']))).toEqual(['four\n', '', 0]);
  slot.close();
});

test('where no bash starts, the program has not started either', async () => {
  const program = openSlot(['sh', '-c', 'echo no such container >&2; exit 1', 'sh']).start(['true']);
  expect(await told(program)).toEqual(['', 'no such container\n', 1]);
  expect(await program.pid).toBeUndefined();
});
