/** The running containers, as the engine describes them, against the table in docker/README.md. */
import { execa } from 'execa';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { openDocker } from './docker.ts';
import { engineCanRun, needsEngine, startEngine, type TestEngine } from './docker-test-engine.ts';
import type { Backend } from './host.ts';

const Inspected = z.object({
  Id: z.string(),
  Name: z.string(),
  Config: z.object({ User: z.string() }),
  HostConfig: z.object({
    CapAdd: z.array(z.string()).nullable(),
    CapDrop: z.array(z.string()).nullable(),
    SecurityOpt: z.array(z.string()).nullable(),
    Privileged: z.boolean(),
    ReadonlyRootfs: z.boolean(),
    AutoRemove: z.boolean(),
    NetworkMode: z.string(),
    PidMode: z.string(),
    PortBindings: z.record(z.string(), z.unknown()).nullable(),
    Tmpfs: z.record(z.string(), z.string()).nullish(),
    Devices: z.array(z.object({ PathInContainer: z.string() })).nullable(),
  }),
  Mounts: z.array(z.object({ Source: z.string(), Destination: z.string(), RW: z.boolean() })),
});
type Inspected = z.infer<typeof Inspected>;

const tag = 'priv';
const roleOf = (name: string) => name.replace(/^\/?echolab-priv0?-/, '');

let engine: TestEngine | undefined;
let backend: Backend | undefined;
let containers: Inspected[] = [];

beforeAll(async () => {
  if (!engineCanRun) return;
  engine = await startEngine();
  const lab = new URL('../../lab', import.meta.url).pathname;
  backend = await openDocker({
    tag,
    count: 1,
    strangers: 1,
    lab,
    node: process.execPath,
    compiled: new URL('../../node_modules/.cache/programs', import.meta.url).pathname,
    traced: true,
    say: () => undefined,
  });
  // Only then are there those that write them.
  await backend.pairs[0]?.client.sysctl('net.ipv4.icmp_ratelimit', '40');
  await backend.pairs[0]?.client.sysctl('net.ipv4.icmp_ratelimit', '1000');
  await backend.pairs[0]?.client.file('/etc/hosts', '10.0.0.2 server.lab');
  const { stdout: ids } = await execa('docker', ['ps', '-q', '--filter', `label=echolab.run=${tag}`]);
  const { stdout } = await execa('docker', ['inspect', ...ids.split('\n')]);
  containers = z.array(Inspected).parse(JSON.parse(stdout));
});
afterAll(async () => {
  await backend?.[Symbol.asyncDispose]();
  await engine?.[Symbol.asyncDispose]();
});

/** A container as a row of the table. */
function row({ Name, Config, HostConfig, Mounts }: Inspected): string[] {
  const nameOf = (mode: string) => {
    const other = containers.find(({ Id }) => mode === `container:${Id}`);
    return other === undefined ? mode : `of ${roleOf(other.Name)}`;
  };
  const things = [
    ...Mounts.map(({ Destination, RW }) => `\`${Destination}\` ${RW ? 'rw' : 'ro'}`),
    ...Object.keys(HostConfig.Tmpfs ?? {}).map((path) => `\`${path}\` memory`),
    ...(HostConfig.Devices ?? []).map(({ PathInContainer }) => `\`${PathInContainer}\` device`),
  ];
  return [
    `\`${roleOf(Name)}\``,
    Config.User,
    (HostConfig.CapAdd ?? [])
      .map((name) => name.replace('CAP_', ''))
      .toSorted()
      .join(' ') || 'none',
    nameOf(HostConfig.NetworkMode),
    HostConfig.PidMode === '' ? 'own' : nameOf(HostConfig.PidMode),
    things.toSorted().join(', '),
  ];
}

test('root, engine: every container is a row of the table in docker/README.md', async (context) => {
  needsEngine(context);
  const readme = await readFile(new URL('../../docker/README.md', import.meta.url), 'utf8');
  const rows = readme
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  const byName = (one: string[], other: string[]) => String(one[0]).localeCompare(String(other[0]));
  expect(containers.map(row).toSorted(byName)).toEqual(rows.toSorted(byName));
});

test('root, engine: nothing is given back to any of them', (context) => {
  needsEngine(context);
  expect(containers).toHaveLength(11);
  for (const { Name, HostConfig, Mounts } of containers) {
    const { CapDrop, SecurityOpt, Privileged, ReadonlyRootfs, AutoRemove, PortBindings } = HostConfig;
    expect({ CapDrop, SecurityOpt, Privileged, ReadonlyRootfs, AutoRemove, PortBindings }, Name).toEqual({
      ...{ CapDrop: ['ALL'], SecurityOpt: ['no-new-privileges'], Privileged: false },
      ...{ ReadonlyRootfs: roleOf(Name) !== 'client-resolver', AutoRemove: true, PortBindings: {} },
    });
    expect(
      Mounts.filter(({ Source }) => Source.endsWith('.sock')),
      Name,
    ).toEqual([]);
  }
});

test('root, engine: a program has no capability, one seccomp filter, and cannot write what it runs', async (context) => {
  needsEngine(context);
  const { client } = backend?.pairs[0] ?? {};
  const run = async (...argv: string[]) => {
    const [file = '', ...args] = client?.program(argv) ?? [];
    return execa(file, args, { reject: false, stdin: 'ignore' });
  };
  const { stdout } = await run('cat', '/proc/self/status');
  const status = Object.fromEntries(
    [...stdout.matchAll(/^(\w+):\t(\S*)/gm)].map(([, key, value]) => [key, value]),
  );
  expect(status).toMatchObject({
    Uid: '65534',
    CapEff: '0'.repeat(16),
    CapBnd: '0'.repeat(16),
    NoNewPrivs: '1',
    Seccomp: '2',
  });
  const { stderr } = await run('sh', '-c', 'echo >/run/echolab/lab/x; echo >/etc/x');
  expect(stderr.match(/Read-only file system/g)).toHaveLength(2);
});

test('root, engine: a host sees nothing of the kernel’s tracer, and the tracer’s container its instances alone', async (context) => {
  needsEngine(context);
  const { client, server } = backend?.pairs[0] ?? {};
  const look = 'grep tracefs /proc/mounts; ls -A /sys/kernel/tracing /sys/kernel/debug; ls /run';
  const seen = async ([file = '', ...args]: readonly string[] = []) =>
    (await execa(file, [...args, 'sh', '-c', look], { stdin: 'ignore', reject: false })).stdout.split('\n');
  const nothing = ['/sys/kernel/debug:', '', '/sys/kernel/tracing:', 'echolab'];
  expect(await seen(client?.program([]))).toEqual(nothing);
  expect(await seen(server?.recorder([]))).toEqual(nothing);
  const [mounts, ...rest] = await seen(['docker', 'exec', `echolab-${tag}-tracer`]);
  expect(mounts).toContain(' /run/instances tracefs rw');
  expect(rest).toEqual([...nothing, 'instances']);
});

test('root, engine: files of the resolver and sysctls: the programs see them, and nobody may write them', async (context) => {
  needsEngine(context);
  const { client, stranger } = backend?.pairs[0] ?? {};
  if (client === undefined || stranger === undefined) throw new Error('two hosts were asked for');
  const run = async (...argv: string[]) => {
    const [file = '', ...args] = client.program(argv);
    const { stdout, stderr } = await execa(file, args, { reject: false, stdin: 'ignore' });
    return stdout + stderr;
  };
  const files = ['/etc/hosts', '/etc/resolv.conf', '/etc/nsswitch.conf'] as const;
  await client.undoFiles();
  const before = await run('cat', ...files);
  for (const path of files) await client.file(path, `text of ${path}\n`);
  expect(await run('cat', ...files)).toBe(files.map((path) => `text of ${path}`).join('\n'));
  expect(await run('sh', '-c', 'echo >/etc/hosts')).toContain('Read-only file system');
  await client.undoFiles();
  expect(await run('cat', ...files)).toBe(before);

  const name = 'net.ipv4.icmp_ratelimit';
  expect(await client.sysctl(name, '40')).toBe('1000');
  expect(await run('cat', '/proc/sys/net/ipv4/icmp_ratelimit')).toBe('40');
  expect(await stranger.sysctl(name, '1000')).toBe('1000');
  expect(await run('sh', '-c', 'echo 8 >/proc/sys/net/ipv4/icmp_ratelimit')).toContain('Read-only');
  expect(await client.sysctl(name, '1000')).toBe('40');
  // Not of IPv4: the engine sets it.
  const backlog = await client.sysctl('net.core.somaxconn', '77');
  expect(await run('cat', '/proc/sys/net/core/somaxconn')).toBe('77');
  expect(await client.sysctl('net.core.somaxconn', backlog)).toBe('77');
  await expect(client.sysctl('kernel.hostname', 'x')).rejects.toThrow('kernel.hostname');
});

test('root, engine: the machine gets no network, and the hosts have their links and no other', async (context) => {
  needsEngine(context);
  const { stdout: networks } = await execa('docker', ['network', 'ls', '--format', '{{.Name}}']);
  expect(networks.split('\n').toSorted()).toEqual(['host', 'none']);
  const { client, server, stranger } = backend?.pairs[0] ?? {};
  const shown = await Promise.all(
    [client, server, stranger].map(async (host) =>
      host?.shell('ip -o -4 address show | cut -d" " -f2,7 | sort'),
    ),
  );
  expect(shown.map((links) => links?.trim().split('\n'))).toEqual([
    ['epriv0c 10.0.0.1/24', 'epriv0d 10.0.0.1', 'lo 127.0.0.1/8'],
    ['epriv0s 10.0.0.2/24', 'lo 127.0.0.1/8'],
    ['epriv0t 10.0.0.3/24', 'lo 127.0.0.1/8'],
  ]);
});
