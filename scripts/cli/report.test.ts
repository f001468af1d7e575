/** Bad input: a clear line and an exit code, never a stack, and nothing lost. */
import { execa } from 'execa';
import { cp, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { referenceFolder } from '../live/reference.ts';
import { mainFile } from './project.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'echolab-test-'));
  await cp(referenceFolder('linux-6.18-root'), folder, { recursive: true });
});
afterEach(() => rm(folder, { recursive: true }));

const echolab = (...args: string[]) => execa(process.execPath, [mainFile, ...args], { reject: false });

test('a whole run is printed again, and gives its verdicts again', async () => {
  const before = await readFile(join(folder, 'verdicts.json'), 'utf8');
  await rm(join(folder, 'verdicts.json'));
  const { exitCode, stdout } = await echolab('report', folder);
  expect(exitCode).toBe(0);
  expect(stdout).toContain('129 met, 0 unmet, 4 unobserved');
  expect(stdout).not.toContain('\x1b');
  expect(await readFile(join(folder, 'verdicts.json'), 'utf8')).toBe(before);
});

test('--format writes what it names, and nothing else', async () => {
  const before = await readdir(folder, { recursive: true });
  const { exitCode, stdout } = await echolab('report', folder, '--format', 'pcapng,handout');
  expect(exitCode).toBe(0);
  const after = await readdir(folder, { recursive: true });
  const fresh = after.filter((path) => !before.includes(path)).map((path) => path.split(sep).at(-1));
  expect(new Set(fresh)).toEqual(new Set(['capture.pcapng', 'handout.md']));
  expect(fresh.filter((name) => name === 'handout.md')).toHaveLength(13);
  expect(stdout).toMatch(/capture\.pcapng +\d+ {2}all packets for Wireshark/);
});

test('--unfold opens the runtime’s own calls', async () => {
  const path = join(folder, 'dial', 'node-udp', 'client.annotated.log');
  await echolab('report', folder, '--lesson', 'dial', '--format', 'log');
  const folded = await readFile(path, 'utf8');
  await echolab('report', folder, '--lesson', 'dial', '--format', 'log', '--unfold');
  const unfolded = await readFile(path, 'utf8');
  expect(folded).toMatch(/… \d+ calls while Node starts: /);
  expect(unfolded).not.toContain('while Node starts');
  expect(unfolded.split('\n').length).toBeGreaterThan(2 * folded.split('\n').length);
});

test('--strict makes what was not observed an error', async () => {
  expect((await echolab('report', folder, '--strict', '--format', 'verdicts')).exitCode).toBe(1);
});

test.each([
  [
    'a raw file that was edited',
    'dial/node-tcp/client.strace',
    (text: string) => text.replace('EINPROGRESS', 'ECONNREFUSED'),
    /was changed after it was recorded/,
  ],
  [
    'a capture that was cut',
    'echo/node-udp/client.pcap',
    (text: string) => text.slice(0, -5),
    /was changed after it was recorded/,
  ],
  ['a run.json that is no JSON', 'run.json', (text: string) => text.slice(0, 100), /is not JSON/],
  ['a run.json of something else', 'run.json', () => '{"format": 1}', /is not a run's: startedNs/],
])('%s is refused', async (_, name, edit, message) => {
  const path = join(folder, name);
  await writeFile(path, edit(await readFile(path, 'latin1')), 'latin1');
  const { exitCode, stderr, stdout } = await echolab('report', folder);
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/^ +at /m);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
});

test.each([
  [['report', '/nowhere/at/all'], /is not a run: it has no run.json/],
  [['lab', '--lesson', 'dail'], /there is no lesson 'dail'; there are dial, echo/],
  [['lab', '--lesson', 'dail'], /\n  mend {2}did you mean dial\?/],
  [['lab', '--lesson', 'ouroboros'], /\n  mend {2}make lab ARGS=--help /],
  [['lab', '--leson', 'dial'], /Unknown option '--leson'.*\n  mend {2}did you mean --lesson\?/],
  [['lap'], /there is no verb 'lap'; there are lab, report, .*\n  mend {2}did you mean lab\?/],
  [['frobnicate'], /\n  mend {2}make help /],
  [['lab', '--pairs', '0'], /--pairs 0: a number is wanted, 1 or more/],
  [['reference-kernel', '--minutes', 'long'], /--minutes long: a number of minutes is wanted/],
  [['reference-kernel', '--lesson', 'dail'], /there is no lesson 'dail'/],
  [['report', '--format', 'pdf'], /there is no format 'pdf'; there are html, handout, log, md, pcapng/],
  [['lab', '--programs', '/nowhere'], /there is no folder \/nowhere/],
])('%j is told in a line', async (args, message) => {
  const { exitCode, stderr } = await echolab(...args);
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/^ +at /m);
});
