/** The whole lab, as its users run it. */
import { execa } from 'execa';
import { chmod, copyFile, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { projectFolder } from '../cli/project.ts';
import { Event } from '../model/event.ts';
import { Run } from '../model/run.ts';
import {
  beyond,
  echolab,
  lab,
  labAsOrdinaryUser,
  needsRoot,
  runsIn,
  scratch,
  summary,
  unmet,
  type Lab,
} from './lab.ts';
import { nameOf } from './state.ts';
import { needsLog } from './tools.ts';

/** All lessons, as root and as an ordinary user, each recorded once for all tests of this file. */
const whole = { tracefs: 'mounted', kmsg: 'there' } as const;
const folders = { root: await scratch(), ordinary: await scratch() };
afterAll(async () => {
  for (const folder of Object.values(folders)) await folder[Symbol.asyncDispose]();
});
const recorded: { root?: Promise<Lab>; ordinary?: Promise<Lab> } = {};
const wholeLab = () => (recorded.root ??= lab(folders.root.path, [], whole));
const ordinaryLab = () => (recorded.ordinary ??= labAsOrdinaryUser(folders.ordinary.path));

test.for(
  (
    [
      [whole, 'LOG'],
      [{ tracefs: 'not mounted', kmsg: 'missing' }, 'NFLOG'],
    ] as const
  ).map(([state, recorder]) => [nameOf(state), recorder, state] as const),
)('root, %s: every claim is met, the firewall log by %s', async ([, recorder, state], context) => {
  needsRoot(context);
  if (recorder === 'LOG') await needsLog(context);
  await using folder = await scratch();
  const ran = state === whole ? await wholeLab() : await lab(folder.path, [], state);
  expect(ran.exitCode, ran.errors).toBe(0);
  expect(unmet(ran)).toEqual([]);
  const unobserved = ran.verdicts.filter(({ verdict }) => verdict === 'unobserved');
  expect([...new Set(unobserved.map(({ claim }) => claim))].toSorted()).toEqual(beyond(ran).toSorted());
  expect(ran.tier).not.toBe('none');

  const run = Run.parse(JSON.parse(await readFile(join(ran.folder, 'run.json'), 'utf8')));
  expect(run.netfilter.recorder).toBe(recorder);
  const files = run.scenes.flatMap((scene) => Object.keys(scene.files));
  expect(files.includes('client.nflog.pcap')).toBe(recorder === 'NFLOG');
  expect(files.includes('kernel.log')).toBe(recorder === 'LOG');

  const four = ran.verdicts.find(({ claim, variant }) => claim === 'only-tcp-logs' && variant === 'node-tcp');
  expect(four?.because).toMatch(/SYN, ACK, ACK FIN, ACK/);
  const lines = four?.evidence.map(({ source, text }) => ({
    source,
    flags: /RES=0x00 (.*?) URGP/.exec(text)?.[1],
  }));
  const source = recorder === 'LOG' ? 'kernel.log' : 'client.nflog.pcap';
  expect(lines).toEqual(['SYN', 'ACK', 'ACK FIN', 'ACK'].map((flags) => ({ source, flags })));
});

test('root, /dev/kmsg /dev/null: it is not taken for the kernel’s log, and not waited for', async (context) => {
  needsRoot(context);
  await using folder = await scratch();
  const state = { kmsg: '/dev/null' } as const;
  const ran = await lab(folder.path, ['--lesson', 'close'], state);
  expect(ran.exitCode, ran.errors).toBe(0);
  expect(ran.output.replaceAll(/\s+/g, ' ')).toMatch(
    /NFLOG in place of LOG: .*is not the kernel’s log here.*1:3, not 1:11/,
  );
  const { stdout } = await execa(...echolab(['doctor'], state), { reject: false });
  expect(stdout).toMatch(/– kernel log +the kernel log cannot be read\n.*1:3, not 1:11/);
});

test('root, umask 077: the programs reach what is the user’s alone: Node, lab/, and what is made for them', async (context) => {
  needsRoot(context);
  await using folder = await scratch();
  const node = join(folder.path, 'node');
  await copyFile(process.execPath, node);
  await chmod(node, 0o700);
  const programs = join(folder.path, 'lab');
  await execa('cp', ['-r', join(projectFolder, 'lab'), programs]);
  await execa('chmod', ['-R', 'go-rwx', programs]);
  const args = ['--lesson', 'close', '--programs', programs];
  const ran = await lab(folder.path, args, { umask: '077' }, node);
  expect(ran.exitCode, ran.errors).toBe(0);
  expect(unmet(ran)).toEqual([]);
});

test('root: evidence cites the line that it quotes', async (context) => {
  needsRoot(context);
  const ran = await wholeLab();
  const texts = ran.verdicts
    .flatMap((verdict) => verdict.evidence.map((one) => ({ ...one, ...verdict })))
    .filter(({ source }) => !source.endsWith('.pcap')); // of a frame the text is a description
  expect(texts.length).toBeGreaterThan(300);
  for (const { lesson, variant, source, line, text } of texts) {
    const recording = await readFile(join(ran.folder, lesson, variant, source), 'utf8');
    // A long one is cut.
    const [, quoted = '', cut] = /^(?:fence: )?(.*?)(…?)$/.exec(text) ?? [];
    const cited = recording.split('\n')[line - 1] ?? '';
    expect(cut ? cited.slice(0, quoted.length) : cited, `${source}:${line}`).toBe(quoted);
  }
});

test('root and an ordinary user: each function on a program’s stack has a name: of strace, of V8, or of the file’s symbol table', async (context) => {
  needsRoot(context);
  for (const ran of [await wholeLab(), await ordinaryLab()]) {
    const scene = join(ran.folder, 'resolve/node-udp/user-stacks');
    const events = (await readFile(join(scene, 'events.jsonl'), 'utf8')).trimEnd().split('\n');
    const stacks = events.flatMap((line) => {
      const event = Event.parse(JSON.parse(line));
      return event.kind === 'call' && event.userStack !== undefined ? [event.userStack.join(' → ')] : [];
    });
    expect(stacks.filter((stack) => stack.includes('(unnamed)'))).toEqual([]);
    expect(stacks).toContainEqual(
      expect.stringMatching(
        /^JavaScript doConnect \S+ → Builtins_\w+ → node::UDPWrap::DoConnect → uv__udp_connect → connect$/,
      ),
    );
  }
});

test('an ordinary user without HOME gets the same verdicts, from NFLOG, and owns the files', async (context) => {
  needsRoot(context);
  const ordinary = await ordinaryLab();
  expect(ordinary.exitCode, ordinary.errors).toBe(0);
  expect(ordinary.output).toMatch(/NFLOG in place of LOG/);
  // The kernel's tracer is root's.
  expect(ordinary.tier).toBe('none');
  const seen = (ran: Lab) => ({
    ...ran,
    verdicts: ran.verdicts.filter(({ claim }) => !beyond(ordinary).includes(claim)),
  });
  expect(summary(seen(ordinary))).toEqual(summary(seen(await wholeLab())));
  for (const { verdict, because } of ordinary.verdicts.filter(({ claim }) =>
    beyond(ordinary).includes(claim),
  )) {
    expect(verdict).toBe('unobserved');
    expect(because).toMatch(/there is no kernel\.trace \(.+\)/);
  }
  expect((await stat(join(ordinary.folder, 'run.json'))).uid).not.toBe(0);
  const four = ordinary.verdicts.find(
    ({ claim, variant }) => claim === 'only-tcp-logs' && variant === 'node-tcp',
  );
  expect(four?.evidence.map(({ source }) => source)).toEqual(Array(4).fill('client.nflog.pcap'));
  expect(four?.evidence[0]?.text).toMatch(/^\[TCP\] \S+ client OUTPUT IN= OUT=.* SYN .*\(made from NFLOG\)$/);
});

test('root: ten labs at once: each complete, with all its lines and a folder of its own', async (context) => {
  needsRoot(context);
  await using folder = await scratch();
  const runs = await Promise.all(Array.from({ length: 10 }, () => lab(folder.path, ['--lesson', 'close'])));
  for (const ran of runs) expect(ran.exitCode, ran.errors + ran.output).toBe(0);
  const folders = await runsIn(folder.path);
  expect(folders).toHaveLength(10);
  for (const name of folders) {
    const run = Run.parse(JSON.parse(await readFile(join(folder.path, 'local', name, 'run.json'), 'utf8')));
    expect(run.scenes.flatMap(({ losses }) => losses)).toEqual([]);
  }
}, 300_000);
