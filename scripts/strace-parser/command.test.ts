/** The command as users run it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test, vi } from 'vitest';

// Each test starts Node, which may wait for its turn on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const command = fileURLToPath(new URL('bin/strace-parser.js', import.meta.url));
const log = fileURLToPath(new URL('fixtures/6.1/f-ttt-T-yy.log', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'strace-parser-command-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function run(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [command, ...args], { encoding: 'utf8' });
}

function objects(text: string): unknown[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
}

test('--summary has these keys and no others', () => {
  const [summary = {}] = objects(run('--summary', log).stdout);
  const keys =
    'lines calls returned failed restarts unknownReturn unfinished resumed unfinishedNeverResumed detached signals stopped ' +
    'exits killed superseded stackLines dumpLines diagnostics personality injected delayed unread';
  expect(Object.keys(Object(summary)).toSorted()).toEqual(keys.split(' ').toSorted());
  expect(summary).toMatchObject({ unread: 0, killed: { SIGABRT: 1 }, failed: { ECONNREFUSED: 3 } });
});

test('filters choose calls, one object per line', () => {
  const calls = objects(run('--filter', 'connect', '--errno', 'ECONNREFUSED', log).stdout);
  expect(calls).toHaveLength(3);
  expect(calls[0]).toMatchObject({ kind: 'call', name: 'connect', returned: -1, errno: 'ECONNREFUSED' });
});

test('standard input, as CSV', () => {
  const text = execFileSync(process.execPath, [command, '--csv', '--filter', 'umask', '-'], {
    encoding: 'utf8',
    input: '7  umask(022) = 077\n',
  });
  expect(text.split('\n')).toEqual([
    expect.stringMatching(/^line,pid,/),
    '1,7,,,umask,022,complete,077,,,',
    '',
  ]);
});

test('a folder of -ff gives each file the pid of its name', () => {
  for (const pid of [41, 42])
    writeFileSync(join(folder, `trace.${pid}`), 'getuid() = 0\n+++ exited with 0 +++\n');
  const events = objects(run(folder).stdout);
  expect(events).toHaveLength(4);
  expect(events[0]).toMatchObject({ pid: 41, name: 'getuid', file: join(folder, 'trace.41') });
  expect(events[3]).toMatchObject({ pid: 42, kind: 'exit' });
});

test('a missing file is explained', () => {
  const missing = join(folder, 'missing');
  const { status, stderr } = run(missing);
  expect(status).toBe(2);
  expect(stderr).toMatch(
    new RegExp(`cannot read ${RegExp.escape(missing)}\\n {2}why {3}ENOENT.*\\n {2}mend`),
  );
});

test('a closed pipe ends it quietly', () => {
  const large = join(folder, 'large');
  writeFileSync(large, '7  getuid() = 0\n'.repeat(200_000));
  const { status, stderr, stdout } = spawnSync(
    'sh',
    ['-c', `"${process.execPath}" "${command}" ${large} | head -1`],
    { encoding: 'utf8' },
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(objects(stdout)).toHaveLength(1);
});

const old = '/usr/bin/node';
const isOld =
  existsSync(old) &&
  Number(execFileSync(old, ['-p', 'process.versions.node.split(".")[0]'], { encoding: 'utf8' })) < 24;

test.skipIf(!isOld)('an old Node finds the project’s', () => {
  const text = execFileSync(old, [command, '--filter', 'umask', log], { encoding: 'utf8' });
  expect(objects(text)).toHaveLength(1);
});
