/** The kernel recorder on the kernel of this machine: what it loses it says, and nobody else's doings get in. */
import { execa } from 'execa';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test, type TestContext } from 'vitest';
import { openSlots } from '../hosts/slot.ts';
import { borrowTracefs, type Borrowed } from '../hosts/tracefs-here.ts';
import { instancePrefix, type Tracefs } from '../hosts/tracefs.ts';
import { echolab, lab, labAsOrdinaryUser, needsRoot, scratch, unmet, type Lab } from '../live/lab.ts';
import { nameOf } from '../live/state.ts';
import { skipAloud } from '../live/tools.ts';
import { Run } from '../model/run.ts';
import type { Linked } from './kernel-owners.ts';
import { openKernelRecorder } from './kernel.ts';

/** Where there is no tracer, there is nothing to test; the lab says why. Whether it is mounted does not matter. */
async function needsTracer(context: TestContext): Promise<Borrowed> {
  needsRoot(context);
  const found = await borrowTracefs();
  return 'mend' in found ? skipAloud(context, `${found.what}: ${found.why}`) : found;
}

/** Records what a shell does in a network namespace of its own; of the pair only names and the client's slots are there. */
async function recorded(tracefs: Tracefs, script: string, bufferKb?: number) {
  const slots = openSlots((announce) => ['sh', '-c', `${announce}; exec bash "$@"`, 'sh']);
  const host = { address: '192.0.2.1', links: [] };
  const pair: Linked = {
    tag: `t${process.pid}`,
    client: { ...host, name: 'client', follow: (tracer) => slots.follow(tracer) },
    server: { ...host, name: 'server', follow: () => undefined },
  };
  await using recorder = await openKernelRecorder({
    ...{ tracefs, pairs: [pair] },
    ...(bufferKb !== undefined && { bufferKb }),
  });
  const argv = ['unshare', '--net', 'bash', '-euc', `ip link set lo up; ${script}`];
  const { stdout, stderr, ended } = await slots.start(argv, true);
  for (const stream of [stdout, stderr]) stream.resume();
  await ended;
  slots.close();
  const { recordings, losses } = await recorder.tape(pair).cut();
  const trace = Buffer.from(recordings[0]?.[1] ?? []).toString();
  return { trace, losses };
}

/** Each datagram to a closed port makes some ten events with stacks. */
const burst = 'exec 2>/dev/null; for n in {1..2000}; do echo x >/dev/udp/127.0.0.1/9000 || true; done';

/** What a lab finds, and what it leaves, must be the same in both. */
const states = [{ tracefs: 'mounted' }, { tracefs: 'not mounted' }] as const;

test('root: a ring that is too small for a burst: what was lost is counted and told', async (context) => {
  await using borrowed = await needsTracer(context);
  const { tracefs } = borrowed;
  const small = await recorded(tracefs, burst, 8);
  const [loss] = small.losses;
  expect(small.losses).toHaveLength(1);
  expect(loss).toMatchObject({ source: 'kernel.trace', why: 'lost by the kernel’s ring of events' });
  expect(loss?.count).toBeGreaterThan(100);
  expect(small.trace).toContain(`\n# lost ${loss?.count}\n`);
  // The same in the ring that the lab has, as long as it is read now and then.
  const usual = await recorded(tracefs, burst.replace('2000', '200'));
  expect(usual.losses).toEqual([]);
  expect(usual.trace).toContain('\n# lost 0\n');
  expect(usual.trace.match(/ icmp_send: /g)).toHaveLength(200);
});

test('root: two labs at once, tracefs mounted and not mounted: neither has a line of the other’s', async (context) => {
  await using _ = await needsTracer(context);
  await using one = await scratch();
  await using other = await scratch();
  const ran = await Promise.all(
    [one, other].map(({ path }, n) => lab(path, ['--lesson', 'echo'], states[n])),
  );
  const [first = [], second = []] = await Promise.all(ran.map(tracesOf));
  for (const { trace, run, links } of [...first, ...second]) {
    expect(run.kernel?.tier).not.toBe('none');
    const seen = new Set([...trace.matchAll(/ net_dev_queue: dev=(\S+)/g)].map(([, link]) => link));
    expect([...seen].filter((link) => !links.includes(link ?? ''))).toEqual([]);
    expect(seen.size).toBeGreaterThan(0);
  }
  // A line has its time and its thread: no two events have the same.
  const lines = (all: typeof first) => new Set(all.flatMap(({ trace }) => eventsIn(trace)));
  expect(lines(first).size).toBeGreaterThan(100);
  expect([...lines(first)].filter((line) => lines(second).has(line))).toEqual([]);
});

test('root: another program’s traffic, on the machine and in a namespace of its own, does not appear', async (context) => {
  await using _ = await needsTracer(context);
  await using folder = await scratch();
  // The lessons' port, which nobody listens on: states, RSTs, ICMP errors, drops, as the lab's own have.
  const knock = `ip link set lo up 2>/dev/null
    while :; do (: </dev/tcp/127.0.0.1/9000); echo x >/dev/udp/127.0.0.1/9000; echo knocked; done 2>/dev/null`;
  const outsiders = [
    execa('bash', ['-c', knock], { reject: false }),
    execa('unshare', ['--net', 'bash', '-c', knock], { reject: false }),
  ];
  const ran = await lab(folder.path, ['--lesson', 'refused']);
  for (const outsider of outsiders) outsider.kill();
  for (const { stdout } of await Promise.all(outsiders)) expect(stdout.length).toBeGreaterThan(1000);
  expect(ran.exitCode, ran.errors).toBe(0);
  const traces = await tracesOf(ran);
  expect(traces.length).toBeGreaterThan(4);
  for (const { trace } of traces) {
    expect(eventsIn(trace).length).toBeGreaterThan(10);
    expect(eventsIn(trace).filter((line) => line.includes('127.0.0.1'))).toEqual([]);
    expect(eventsIn(trace).filter((line) => line.includes('dev=lo'))).toEqual([]);
  }
});

test.for(
  states.flatMap((state) => [
    [
      nameOf(state),
      'the next start',
      state,
      (traces: string) => ['lab', '--traces', traces, '--lesson', 'echo'],
    ] as const,
    [nameOf(state), 'echolab clean', state, () => ['clean']] as const,
  ]),
)('root, %s: a lab that is killed: its instances are gone after %s', async ([, , state, next], context) => {
  await using borrowed = await needsTracer(context);
  await using folder = await scratch();
  const instances = async () =>
    (await readdir(`${borrowed.folder}/instances`)).filter((name) => name.startsWith(instancePrefix));
  const before = new Set(await instances());
  const env = { LAB_BACKEND: 'namespaces' };
  const killed = execa(...echolab(['lab', '--traces', folder.path, '--lesson', 'dial'], state), {
    ...{ reject: false, stdio: 'ignore', env },
  });
  const own = async () => (await instances()).filter((name) => !before.has(name));
  for (let n = 0; (await own()).length < 2 && n < 1000; n += 1) await pause(10);
  const left = await own();
  expect(left.length).toBeGreaterThan(1);
  killed.kill('SIGKILL');
  await killed;
  // Its inner half dies of that, which takes a moment.
  const tag = left[0]?.slice(instancePrefix.length, instancePrefix.length + 4) ?? '';
  while (await runs(`"tag":"${tag}"`)) await pause(5);
  await execa(...echolab(next(folder.path), state), { env });
  const still = new Set(await instances());
  expect(left.filter((name) => still.has(name))).toEqual([]);
});

/** Whether a process has these words in its command line. */
async function runs(words: string): Promise<boolean> {
  const processes = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    processes.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  return lines.some((line) => line.includes(words));
}

test.for(states.map((state) => [nameOf(state), state] as const))(
  'an ordinary user, %s: is told why there is no kernel trace, and has everything else',
  async ([, state], context) => {
    needsRoot(context);
    await using folder = await scratch();
    const ran = await labAsOrdinaryUser(folder.path, ['--lesson', 'dial,refused'], state);
    expect(ran.exitCode, ran.errors).toBe(0);
    expect(ran.output).toMatch(/no kernel\.trace: the kernel’s tracer cannot be used: .*permission denied/i);
    expect(unmet(ran)).toEqual([]);
    const open = ran.verdicts.filter(({ verdict }) => verdict === 'unobserved');
    expect(new Set(open.map(({ claim }) => claim))).toEqual(
      new Set(['tcp-stack', 'udp-stack', 'tcp-many', 'udp-few']),
    );
    for (const { because } of open)
      expect(because).toMatch(/there is no kernel\.trace \(.*permission denied/);
    expect(ran.verdicts.length - open.length).toBeGreaterThan(20);
  },
);

async function tracesOf({ folder }: Lab) {
  const run = Run.parse(JSON.parse(await readFile(join(folder, 'run.json'), 'utf8')));
  return Promise.all(
    run.scenes.map(async (scene) => ({
      run,
      links: scene.hosts.flatMap(({ links }) => links.map((link) => link.interface)),
      trace: await readFile(join(folder, scene.folder, 'kernel.trace'), 'utf8'),
    })),
  );
}

/** The lines of events, without what the recorder says of itself and without stacks. */
const eventsIn = (trace: string): string[] =>
  trace.split('\n').filter((line) => / \[\d+\] /.test(line) && !line.includes('<stack trace>'));
