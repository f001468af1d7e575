/** docker/README.md's commands for exploring by hand, and make image, are for people: nothing else would notice that they fail. */
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { privateCheckout } from '../live/checkout.ts';
import { codeBlocks, commandsOf } from '../live/code-blocks.ts';
import { skipAloud } from '../live/tools.ts';
import { findImageWithNode } from './docker-image.ts';
import { needsEngine, startEngine } from './docker-test-engine.ts';

const blocks = await codeBlocks('docker/README.md');
const lines = blocks.filter(({ indented }) => indented).flatMap(commandsOf);
const line = (part: string): string =>
  lines.find((one) => one.includes(part)) ?? `docker/README.md has no ${part}`;

/** The plugin, or Debian's program of old. */
async function findCompose(): Promise<string | undefined> {
  for (const words of ['docker compose', 'docker-compose']) {
    const { failed } = await execa('sh', ['-c', `${words} version`], { reject: false });
    if (!failed) return words;
  }
  return undefined;
}

test('root, engine: make image, two hosts that reach each other, and a recorder that sees them', async (context) => {
  needsEngine(context);
  const words = await findCompose();
  if (words === undefined)
    return skipAloud(context, 'docker compose is missing (apt-get install docker-compose)');
  await using _ = await startEngine();
  await using checkout = await privateCheckout();
  const made = await checkout.run('make image');
  expect(made.exitCode, made.stderr).toBe(0);
  const image = made.stdout.trim();
  // README says that it needs a base with Node; this engine reaches no registry.
  const base = await findImageWithNode(image, process.execPath, true);
  /** Without a terminal; what would run until Ctrl-C, for so many seconds. */
  const compose = (part: string, seconds?: number) =>
    `LAB_BASE=${base} ${line(part)
      .replace('docker compose', words)
      .replace(' exec ', ' exec -T ')
      .replace(/(?<=exec -T \S+) /, seconds === undefined ? ' ' : ` timeout -s INT ${seconds} `)}`;
  const up = await checkout.run(compose(' up '));
  expect(up.exitCode, up.all).toBe(0);
  const server = checkout.start(compose('udp-server.ts'));
  await server.printed(/^listening: at=10\.0\.0\.2:9000$/m);
  const recorder = checkout.start(compose('tcpdump', 10));
  await recorder.printed(/listening on eth0/);
  const client = await checkout.run(compose('udp-client.ts'));
  expect(client.stdout, client.stderr).toMatch(/^packet-received: bytes=5 from=10\.0\.0\.2:9000$/m);
  expect(client.stderr).toMatch(/connect\(.*sin_addr=inet_addr\("10\.0\.0\.2"\)/);
  const { stdout: packets } = await recorder.ended;
  expect(packets).toMatch(/ 10\.0\.0\.1\.\d+ > 10\.0\.0\.2\.9000: UDP, length 5$/m);
  expect(packets).toMatch(/ 10\.0\.0\.2\.9000 > 10\.0\.0\.1\.\d+: UDP, length 5$/m);
  const down = await checkout.run(compose(' down'));
  expect(down.exitCode, down.all).toBe(0);
  return undefined;
});
