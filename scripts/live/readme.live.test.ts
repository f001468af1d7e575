/** README's commands, typed, and what they are said to do. That these are all of them, readme.test.ts sees to. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { privateCheckout, type Checkout } from './checkout.ts';
import { isRoot, needsRoot } from './lab.ts';
import { commands, inProse, type Typed } from './readme-commands.ts';

let checkout: Checkout;
beforeEach(needsRoot);
beforeAll(async () => {
  if (isRoot) checkout = await privateCheckout();
});
afterAll(() => checkout?.[Symbol.asyncDispose]());

const typed = Object.entries({ ...commands, ...inProse }).filter(
  (entry): entry is [string, Typed] => !('elsewhere' in entry[1]),
);

test.each(typed)(
  'root: %s',
  async (line, { bounded = line, before = 'true', input, exitCode = 0, prints = [] }) => {
    expect(await checkout.run(before)).toMatchObject({ exitCode: 0 });
    const ran = await checkout.run(bounded, input === undefined ? {} : { input });
    expect(ran.exitCode, ran.all).toBe(exitCode);
    expect(
      prints.filter((pattern) => !pattern.test(ran.stdout)),
      ran.stdout.slice(-2000),
    ).toEqual([]);
  },
);

test('root: a server and a client by hand', async () => {
  await using alone = await privateCheckout('own');
  const [server = '', client = ''] = Object.keys(commands).filter((line) => line.startsWith('make run '));
  const listening = alone.start(server);
  await listening.printed(/^listening: at=127\.0\.0\.1:9000$/m);
  const echoed = /^packet-received: bytes=5 from=127\.0\.0\.1:9000$/m;
  expect((await alone.run(client)).stdout).toMatch(echoed);
  const npx = await alone.run('npx echolab run lab/node/udp-client.ts 127.0.0.1 9000 HELLO');
  expect(npx.stdout, npx.stderr).toMatch(echoed);
  listening.signal('SIGINT');
  expect((await listening.ended).stdout).toMatch(/^cancelled$/m);
  // Nobody listens any more: the program's own exit status, and make's.
  expect(
    await alone.run('node scripts/cli/echolab.js run lab/node/udp-client.ts 127.0.0.1 9000 HELLO 100'),
  ).toMatchObject({ exitCode: 1 });
  expect(await alone.run(client)).toMatchObject({
    exitCode: 2,
    stderr: expect.stringMatching(/^make: \*\*\* .* Error 1$/m),
  });
});

const noEngine = 'LAB_BACKEND=docker DOCKER_HOST=unix:///nonexistent/docker.sock';

const lastLine = (code: number) => new RegExp(`\\nmake: \\*\\*\\* \\[Makefile:\\d+: \\w+\\] Error ${code}$`);

/** 0 by make stands above. */
test.each([
  [0, 'node scripts/cli/echolab.js report --format verdicts', /^$/],
  [1, 'node scripts/cli/echolab.js report my-traces/latest', /^1 claim is unmet, marked ✘: exit status 1$/],
  [2, 'node scripts/cli/echolab.js report /nonexistent', /is not a run: it has no run\.json/],
  [3, `${noEngine} node scripts/cli/echolab.js lab`, /\n {2}why {3}.*\n {2}mend {2}/],
  [2, 'make report RUN=my-traces/latest', /marked ✘: exit status 1, which make calls an error\n/],
  [2, 'make report RUN=my-traces/latest', lastLine(1)],
  [2, 'make report RUN=/nonexistent', lastLine(2)],
  [2, `${noEngine} make lab`, lastLine(3)],
])('root: exit status %i: %s', async (status, line, says) => {
  const { exitCode, stderr } = await checkout.run(line);
  expect(exitCode, stderr).toBe(status);
  expect(stderr).toMatch(says);
});

test.each(['lab', 'report', 'shell', 'run', 'doctor', 'image', 'clean'])(
  'root: make %s ARGS=--help',
  async (verb) => {
    const { exitCode, stdout } = await checkout.run(`make ${verb} ARGS=--help`);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(new RegExp(`^echolab ${verb}\\b`));
  },
);

test('root: LESSON with a blank behind the comma', async () => {
  const { exitCode, stderr } = await checkout.run("make report LESSON='dial, dial' ARGS='--format verdicts'");
  expect(exitCode, stderr).toBe(0);
});
