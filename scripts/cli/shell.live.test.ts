/** `make lab ARGS=--verbose` prints command lines for copying: here they are pasted into the shells of `make shell`. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { privateCheckout, type Checkout } from '../live/checkout.ts';
import { isRoot, needsRoot } from '../live/lab.ts';

let checkout: Checkout;
/** Lines of `# client` and `# server`. */
let printed = new Map<string, string[]>();
beforeEach(needsRoot);
beforeAll(async () => {
  if (!isRoot) return;
  checkout = await privateCheckout();
  const { stdout } = await checkout.run('make lab LESSON=dial ARGS=--verbose');
  const lines = [...stdout.matchAll(/^ {2}# (client|server)\n(.+)$/gm)];
  printed = new Map(
    [...Map.groupBy(lines, ([, host = '']) => host)].map(([host, found]) => [
      host,
      found.map(([, , line = '']) => line),
    ]),
  );
});
afterAll(() => checkout?.[Symbol.asyncDispose]());

const logOf = (line: string): string => / -o (\S+) /.exec(line)?.[1] ?? '';

test('root: the client’s lines connect, and strace writes each of them down', async () => {
  const lines = printed.get('client') ?? [];
  expect(lines.length).toBeGreaterThan(4);
  const typed = lines.flatMap((line, n) => [line, `mv ${logOf(line)} scratch/log${n}`]);
  const input = `${[...typed, 'grep -c "connect(.*sin_addr=inet_addr(\\"10.0.0.2\\")" scratch/log*'].join('\n')}\n`;
  const { exitCode, stdout, stderr } = await checkout.run('make shell HOST=client', { input });
  expect(exitCode, stderr).toBe(0);
  expect(stdout.match(/^connected: from=10\.0\.0\.1:\d+ to=10\.0\.0\.2:9000$/gm)).toHaveLength(lines.length);
  for (const n of lines.keys()) expect(stdout, lines[n]).toMatch(new RegExp(`^scratch/log${n}:1$`, 'm'));
});

test('root: the server’s lines listen and are called, and strace writes that down', async () => {
  const lines = (printed.get('server') ?? []).filter((line) => line.includes('lab/node/'));
  const protocols = ['tcp', 'udp'].map((protocol) => [
    protocol,
    lines.find((line) => line.includes(`/${protocol}-server.ts`)) ?? '',
  ]);
  const input = protocols.flatMap(([protocol = '', line = '']) => [
    `${line} &`,
    `until grep -qs '"listening: at=10' ${logOf(line)}; do sleep 0.05; done`,
    `client node lab/node/${protocol}-client.ts 10.0.0.2 9000 'HELLO!!'`,
    `grep -c '"HELLO!!"' ${logOf(line)} | sed 's/^[1-9].*/${protocol} was traced/'`,
    'kill -TERM $(cat /proc/$!/task/$!/children); wait',
  ]);
  expect(lines.length).toBeGreaterThan(1);
  const { stdout, stderr } = await checkout.run('make shell HOST=server', { input: `${input.join('\n')}\n` });
  for (const [protocol = ''] of protocols)
    expect(stdout, stderr).toMatch(new RegExp(`^${protocol} was traced$`, 'm'));
  expect(stdout.match(/^packet-received: bytes=7 from=10\.0\.0\.2:9000$/gm)).toHaveLength(2);
});

test('root: two shells are two pairs, and the other host is reached by its name', async () => {
  const { stdout, exitCode } = await checkout.run('make shell HOST=client', {
    input: 'server ip -br -4 address\nserver node lab/node/tcp-client.ts 10.0.0.2 9000 HELLO\n',
  });
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/make shell in another terminal makes another pair/);
  expect(stdout).toMatch(/^  server ss -tuan +on this server: any command/m);
  expect(stdout).toMatch(/ 10\.0\.0\.2\/24/);
  expect(stdout).toMatch(/^packet-received: bytes=5 from=10\.0\.0\.2:9000$/m);
});
