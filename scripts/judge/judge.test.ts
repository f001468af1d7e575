/** What is taken from a real recording must be missed: no verdict may survive without its evidence. */
import { expect, test } from 'vitest';
import { loadLessons } from '../cli/lessons.ts';
import { readReference, references } from '../live/reference.ts';
import { expectationsOf } from '../lessons/lesson.ts';
import type { Run, SceneRecord } from '../model/run.ts';
import { readPcap } from '../parse/pcap.ts';
import { judgeRun, type Files } from './run.ts';

type Change = (files: Files, scene: SceneRecord) => Files;

/** The verdict on a claim when the recordings of its lesson are changed. */
async function verdictOn(
  claim: string,
  variant: string,
  change: Change,
): Promise<{ verdict: string; because: string }> {
  const { run, files } = await readReference('linux-6.18-root');
  const judged = judgeRun(run, await loadLessons(), (scene) => change(files.get(scene) ?? new Map(), scene));
  const found = judged
    .flatMap(({ verdicts }) => verdicts)
    .find((one) => one.claim === claim && one.variant === variant);
  return { verdict: found?.verdict ?? 'none', because: found?.because ?? '' };
}

const without =
  (name: string): Change =>
  (files) =>
    new Map([...files].filter(([file]) => file !== name));

const edited =
  (name: string, edit: (text: string) => string): Change =>
  (files) =>
    new Map(
      [...files].map(([file, bytes]) => [
        file,
        file === name ? Buffer.from(edit(Buffer.from(bytes).toString('latin1')), 'latin1') : bytes,
      ]),
    );

const linesOut = (name: string, pattern: RegExp): Change =>
  edited(name, (text) =>
    text
      .split('\n')
      .filter((line) => !pattern.test(line))
      .join('\n'),
  );

/** A capture without its last `n` frames: whole records, no problem for the reader. */
const framesOff =
  (name: string, n: number): Change =>
  (files) =>
    new Map(
      [...files].map(([file, bytes]) => {
        if (file !== name) return [file, bytes];
        const cut = readPcap(bytes, name)
          .frames.slice(-n)
          .reduce((sum, frame) => sum + 16 + frame.bytes.length, 0);
        return [file, bytes.subarray(0, bytes.length - cut)];
      }),
    );

test('there are runs of both kinds to test on', () => {
  expect(references).toContain('linux-6.18-root');
  expect(references).toContain('linux-6.18-ordinary');
});

test('without the call the claim is unmet, and says what is missing', async () => {
  const verdict = await verdictOn('udp-zero', 'node-udp', linesOut('client.strace', /connect\(\d+<UDP/));
  expect(verdict).toEqual({ verdict: 'unmet', because: expect.stringContaining('no client connect') });
});

test('a strace log that ends early proves no absence and no miss', async () => {
  const cut = edited('client.strace', (text) => text.slice(0, text.indexOf('connect(') + 20));
  expect(await verdictOn('udp-zero', 'node-udp', cut)).toEqual({
    verdict: 'unobserved',
    because: expect.stringContaining('ends before its program does'),
  });
});

test('silence counts only between two fences seen by every recorder', async () => {
  expect((await verdictOn('udp-silent', 'node-udp', (files) => files)).verdict).toBe('met');
  for (const gone of [
    framesOff('client.pcap', 1),
    framesOff('server.pcap', 4),
    linesOut('kernel.log', /DPT=61\d\d\d /),
  ]) {
    const verdict = await verdictOn('udp-silent', 'node-udp', gone);
    expect(verdict).toEqual({
      verdict: 'unobserved',
      because: expect.stringContaining('did not see both fences'),
    });
  }
});

test('without captures, a claim about the wire is unobserved', async () => {
  const neither: Change = (files, scene) =>
    without('client.pcap')(without('server.pcap')(files, scene), scene);
  expect(await verdictOn('udp-silent', 'node-udp', neither)).toEqual({
    verdict: 'unobserved',
    because: expect.stringContaining('no recorder stood there'),
  });
});

test('the four lines of the firewall log: one less is unmet', async () => {
  const fin = linesOut('kernel.log', /client OUTPUT .* ACK FIN URGP/);
  expect(await verdictOn('only-tcp-logs', 'node-tcp', fin)).toEqual({
    verdict: 'unmet',
    because: 'saw SYN, ACK, ACK; expected SYN, ACK, ACK FIN, ACK',
  });
});

test('a reply with other bytes is no echo', async () => {
  const other = edited('client.strace', (text) => text.replace(/(recvmsg\(.*?)HELLO!!/, '$1HELLO!?'));
  expect((await verdictOn('echo-returns', 'node-udp', other)).verdict).toBe('unmet');
  expect((await verdictOn('echo-returns', 'node-tcp', other)).verdict).toBe('met');
});

test('a capture cut in the middle of a frame is a counted problem', async () => {
  const { run, files } = await readReference('linux-6.18-root');
  const judged = judgeRun(run, await loadLessons(), (scene) => {
    const all = new Map(files.get(scene));
    const pcap = all.get('client.pcap');
    if (pcap !== undefined) all.set('client.pcap', pcap.subarray(0, pcap.length - 3));
    return all;
  });
  const problems = judged.flatMap(({ timelines }) =>
    [...timelines.values()].flatMap((timeline) => timeline.problems),
  );
  expect(problems).toHaveLength(run.scenes.length);
  expect(problems[0]?.what).toMatch(/cut short/);
});

test(
  'every expectation of every lesson is met in one of the recorded runs, and unmet in none',
  { timeout: 60_000 },
  async () => {
    const lessons = await loadLessons();
    const verdicts = new Map<string, Set<string>>();
    for (const name of references) {
      const { run, files } = await readReference(name);
      for (const judged of judgeRun(run, lessons, (scene) => files.get(scene) ?? new Map()))
        for (const { claim, variant, scene, what, verdict } of judged.verdicts) {
          const key = `${claim} ${variant} ${scene}: ${what}`;
          verdicts.set(key, (verdicts.get(key) ?? new Set()).add(verdict));
        }
    }
    const expected = lessons.flatMap(({ claims }) =>
      claims.flatMap((claim) =>
        Object.keys(claim.expect).flatMap((variant) =>
          expectationsOf(claim, variant).map(
            ({ scene = 'main', what }) => `${claim.id} ${variant} ${scene}: ${what}`,
          ),
        ),
      ),
    );
    expect([...verdicts.keys()].toSorted()).toEqual(expected.toSorted());
    expect([...verdicts].filter(([, all]) => !all.has('met')).map(([key]) => key)).toEqual([]);
    expect([...verdicts].filter(([, all]) => all.has('unmet')).map(([key]) => key)).toEqual([]);
  },
);

test(
  'a stack without the frame is unmet; where strace walks none, nothing is concluded',
  { timeout: 60_000 },
  async () => {
    const { run, files } = await readReference('linux-6.18-root');
    const lessons = await loadLessons();
    const judged = (stacks: Run['stacks'], frames: RegExp) =>
      judgeRun({ ...run, stacks }, lessons, (scene) =>
        linesOut('server.strace', frames)(files.get(scene) ?? new Map(), scene),
      )
        .flatMap(({ verdicts }) => verdicts)
        .filter(({ claim }) => claim === 'recvfrom-stack')
        .map(({ verdict }) => verdict);
    expect(judged(run.stacks, /never/)).toEqual(['met', 'met']);
    expect(judged(run.stacks, /^ > .*(uv__io_poll|InvokeFunction)/)).toEqual(['unmet', 'unmet']);
    expect(judged({ recorded: false, why: 'it was built without -k' }, /^ > /)).toEqual([
      'unobserved',
      'unobserved',
    ]);
  },
);

test('a frame without a name may be the one asked for: nothing is concluded, unless it cannot be', async () => {
  // As strace 6.13 of Debian 13 prints a frame of C++.
  const nameless = (name: RegExp) =>
    edited('server.strace', (text) =>
      text
        .split('\n')
        .map((line) => (name.test(line) ? line.replace(/\(.*\) (?=\[0x)/, '() ') : line))
        .join('\n'),
    );
  const both =
    (one: Change, other: Change): Change =>
    (files, scene) =>
      other(one(files, scene), scene);
  const [ffi, poll] = [nameless(/InvokeFunction/), nameless(/uv__io_poll/)];
  const because = expect.stringMatching(
    /the stack of server\.strace:\d+ .*has frames without a name, and server\.names has none for them$/,
  );
  expect(await verdictOn('recvfrom-stack', 'libc-udp', ffi)).toEqual({ verdict: 'unobserved', because });
  expect(await verdictOn('recvfrom-stack', 'node-udp', poll)).toEqual({ verdict: 'unobserved', because });
  const uncalled = linesOut('server.strace', /^ > .*uv__udp_recvmsg/);
  expect((await verdictOn('recvfrom-stack', 'node-udp', both(poll, uncalled))).verdict).toBe('unmet');
  const named: Change = (files) =>
    new Map(
      [...files].map(([name, bytes]) => [name, name === 'server.names' ? withNames(bytes, files) : bytes]),
    );
  expect((await verdictOn('recvfrom-stack', 'libc-udp', both(ffi, named))).verdict).toBe('met');
});

/** What the symbol table says of every place in the log that has no name but V8's: it is one function. */
function withNames(names: Uint8Array, files: Files): Buffer {
  const log = Buffer.from(files.get('server.strace') ?? []).toString('latin1');
  const places = [...log.matchAll(/^ > (\/\S+)\(\) \[0x([0-9a-f]+)\]\n > \/\S+\(\)/gm)];
  const lines = places.map(
    ([, module = '', place = '']) =>
      `${module} ${(parseInt(place, 16) - 1).toString(16)} 1 _ZN4node3ffi14DynamicLibrary14InvokeFunctionERKN2v820FunctionCallbackInfoINS2_5ValueEEE\n`,
  );
  return Buffer.concat([names, Buffer.from(lines.join(''))]);
}
