/** docker/compose.yaml is for people, so nothing else would notice that it is wrong. */
import { execa } from 'execa';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { findImage } from './docker-image.ts';
import { needsEngine, startEngine } from './docker-test-engine.ts';
import { findEngine, isObstacle } from './engine.ts';

const file = fileURLToPath(new URL('../../docker/compose.yaml', import.meta.url));

/** The plugin, or Debian's program of old. */
async function findCompose(): Promise<string[] | undefined> {
  for (const words of [['docker', 'compose'], ['docker-compose']]) {
    const [command = '', ...args] = words;
    const { failed } = await execa(command, [...args, 'version'], { reject: false });
    if (!failed) return words;
  }
  return undefined;
}

test('root, engine: compose brings up two hosts that reach each other, and a recorder that sees them', async (context) => {
  needsEngine(context);
  const words = await findCompose();
  if (words === undefined) {
    if (process.env['LAB_LIVE'] === 'required')
      throw new Error('this live test must run here, and needs docker-compose');
    return context.skip('needs docker compose (apt-get install docker-compose)');
  }
  await using _ = await startEngine();
  const engine = await findEngine();
  if (isObstacle(engine)) throw new Error(engine.why);
  const image = await findImage(engine.arch, () => undefined);
  const compose = (...args: string[]) => {
    const [command = '', ...first] = [...words, '--file', file, '--project-name', 'echolab', ...args];
    return execa(command, first, { env: { LAB_BASE: image }, stdin: 'ignore' });
  };
  await compose('config', '--quiet');
  await compose('up', '--detach', '--build');
  try {
    const connect = '(: </dev/tcp/10.0.0.2/9) 2>&1 || true';
    const { stdout } = await compose('exec', '-T', 'client', 'bash', '-c', connect);
    expect(stdout).toContain('Connection refused');
    const { stdout: addresses } = await compose('exec', '-T', 'server-recorder', 'ip', '-o', '-4', 'address');
    expect(addresses).toContain('10.0.0.2/24');
    const capture = 'timeout -s INT 1 tcpdump -Z root -i eth0 -w /dev/null 2>&1 || true';
    const { stdout: said } = await compose('exec', '-T', 'server-recorder', 'sh', '-c', capture);
    expect(said).toContain('listening on eth0');
  } finally {
    await compose('down');
  }
  return undefined;
});
