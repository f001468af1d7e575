/** A fresh machine is apart from this one where it must be, and goes without a trace. */
import { execa } from 'execa';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { needsRoot, scratch } from '../live/lab.ts';
import { keepNfLogFolder } from '../record/nf-log.ts';

const trial = fileURLToPath(new URL('../live/fresh-trial.ts', import.meta.url));

const start = (folder: string, command: string) =>
  execa(
    'unshare',
    ['--mount', '--pid', '--fork', '--kill-child', '--mount-proc', process.execPath, trial, folder, command],
    { reject: false },
  );

const outside = async () => ({
  mounts: (await readFile('/proc/self/mountinfo', 'utf8')).split('\n').length,
  tracefs: await readdir('/sys/kernel/tracing'),
});

test('root: processes and mounts of its own, this machine’s network, no tracefs, user namespaces', async (context) => {
  needsRoot(context);
  await using folder = await scratch();
  await using _ = await keepNfLogFolder();
  const before = await outside();
  const { stdout, stderr, exitCode } = await start(
    folder.path,
    [
      'echo user $(id -un) in $PWD',
      'echo processes $(ls -d /proc/[0-9]* | wc -l), the first $(cat /proc/1/comm)',
      'echo tracefs $(ls /sys/kernel/tracing | wc -l)',
      'echo network $(readlink /proc/self/ns/net)',
      'echo kmsg $(dd if=/dev/kmsg of=/dev/null bs=8k count=1 iflag=nonblock 2>/dev/null && echo read)',
      'unshare --user --map-root-user echo a user namespace',
      'exit 23',
    ].join('\n'),
  );
  expect(stderr).toBe('');
  expect(stdout.split('\n')).toEqual([
    'user root in /root',
    // sh, su, bash, the shell of $(…), ls and wc
    expect.stringMatching(/^processes \d, the first sh$/),
    'tracefs 0',
    `network ${await readlink('/proc/self/ns/net')}`,
    'kmsg read',
    'a user namespace',
  ]);
  expect(exitCode).toBe(23);
  expect(await outside()).toEqual(before);
});

test('root: killed, it leaves neither processes nor mounts nor files', async (context) => {
  needsRoot(context);
  await using folder = await scratch();
  await using _ = await keepNfLogFolder();
  const before = await outside();
  const command = 'echo on; touch /root/file; sleep 1037';
  const machine = start(folder.path, command);
  const log = () => readFile(join(folder.path, 'log'), 'utf8').catch(() => '');
  while ((await log()) === '') await pause(50);
  machine.kill('SIGKILL');
  await machine;
  const running = async () => {
    const lines = await Promise.all(
      (await readdir('/proc')).map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
    );
    return lines.filter((line) => line.includes('sleep 1037') || line.includes(folder.path));
  };
  while ((await running()).length > 0) await pause(50);
  expect(await outside()).toEqual(before);
  expect(await readdir(join(folder.path, 'tree'))).toEqual([]);
});
