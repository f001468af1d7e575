/**
 * At the top of every program of lab/ stands how to run it, and what it prints then. Here all of that is typed: on the
 * machine itself, with its own Node first in PATH, in a network of its own in which port 9000 is free; or in make shell.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { beforeEach, expect, test } from 'vitest';
import { patient } from '../record/until.ts';
import { privateCheckout, type Checkout, type Ran } from './checkout.ts';
import { readHeads, settled, type Head } from './heads.ts';
import { needsRoot } from './lab.ts';

const heads = new Map((await readHeads()).map((head) => [head.file.replace(/^lab\/(.*)\.ts$/, '$1'), head]));
const head = (name: string): Head => {
  const found = heads.get(name);
  if (found === undefined) throw new Error(`there is no program ${name}`);
  return found;
};
beforeEach(needsRoot);

/** What a program printed, without what make says of a program that failed or was interrupted. */
const printed = (file: string, { all }: Ran): string[] =>
  settled(
    file,
    all.split('\n').filter((line) => !/^(make: \*\*\*.*|)$/.test(line)),
  );
const example = ({ file, prints }: Head): string[] => settled(file, prints);

/**
 * Types what a server's head says, and Ctrl-C once it has printed all of its example but `cancelled`: a client that waits for
 * no answer ends before the server has read what it sent. What does not come, it is not waited for without end.
 *
 * @param meanwhile is done while it listens
 */
async function serving<T>(
  checkout: Checkout,
  { file, commands: [command = ''], prints }: Head,
  meanwhile: (pause: Pause) => Promise<T>,
) {
  const server = checkout.start(command);
  await server.printed(/^listening: /m);
  const result = await meanwhile({
    stop: () => server.signal('SIGSTOP'),
    go: () => server.signal('SIGCONT'),
  });
  const all = new RegExp(`(?:^.+\\n){${prints.length - 1}}`, 'm');
  await Promise.race([server.printed(all), pause(patient(1000))]);
  server.signal('SIGINT');
  return { result, prints: printed(file, await server.ended) };
}

interface Pause {
  readonly stop: () => void;
  readonly go: () => void;
}

/** Servers, and the clients that call them: the first one's first command is what the server's example is about. */
const calls: Record<string, readonly string[]> = {
  'node/tcp-server': ['node/tcp-client', 'node/tcp-two-clients', 'node/tcp-two-sends'],
  'node/udp-server': ['node/udp-client', 'node/udp-two-clients', 'node/udp-two-sends'],
  'libc/tcp-server': [
    'libc/tcp-client',
    'libc/tcp-two-clients',
    'libc/tcp-two-sends',
    'libc/tcp-nonblocking-client',
  ],
  'libc/udp-server': [
    'libc/udp-client',
    'libc/udp-two-clients',
    'libc/udp-two-sends',
    'libc/udp-unconnected-client',
    'libc/udp-recvfrom-client',
    'libc/udp-nonblocking-client',
  ],
  'libc/tcp-sink': ['libc/tcp-burst'],
  'libc/udp-sink': ['libc/udp-burst'],
  'libc/udp-buffer-server': ['libc/udp-three-sizes'],
};

test.concurrent.for(Object.entries(calls))(
  'root: %s, and who calls it',
  async ([name, clients], { expect }) => {
    await using checkout = await privateCheckout('own');
    const [first = ''] = clients;
    const { prints } = await serving(checkout, head(name), () => checkout.run(head(first).commands[0] ?? ''));
    expect(prints).toEqual(example(head(name)));
    await serving(checkout, head(name), async () => {
      for (const client of clients) {
        const seen: string[][] = [];
        for (const command of head(client).commands) {
          const ran = await checkout.run(command);
          expect(ran.exitCode, `${command}\n${ran.all}`).toBe(0);
          seen.push(printed(client, ran));
        }
        expect(seen).toContainEqual(example(head(client)));
      }
    });
  },
);

/** A client that waits in vain, and what it is there for: the server's example. */
const inVain: Record<string, string> = {
  'libc/udp-read-server': 'libc/udp-client',
  'libc/tcp-backlog-server': 'libc/tcp-client',
};

test.concurrent.for(Object.entries(inVain))(
  'root: %s, which never answers',
  async ([name, client], { expect }) => {
    await using checkout = await privateCheckout('own');
    const { prints, result } = await serving(checkout, head(name), () =>
      checkout.run(head(client).commands[0] ?? ''),
    );
    expect(prints).toEqual(example(head(name)));
    expect(result.all).toMatch(/i\/o timeout/);
  },
);

const sinks = ['node/tcp-sink', 'node/udp-sink'];

test.concurrent('root: node/tcp-sink, and three messages of 20 bytes', async ({ expect }) => {
  await using checkout = await privateCheckout('own');
  const three = "make run FILE=lab/node/tcp-burst.ts ARGS='127.0.0.1 9000 3 20'";
  const { prints } = await serving(checkout, head('node/tcp-sink'), () => checkout.run(three));
  expect(prints).toEqual(example(head('node/tcp-sink')));
});

test.concurrent(
  'root: node/udp-sink, stopped while 23 datagrams come: its head says how many are lost',
  async ({ expect }) => {
    await using checkout = await privateCheckout('own');
    const { prints, result } = await serving(checkout, head('node/udp-sink'), async ({ stop, go }) => {
      stop();
      await checkout.run("make run FILE=lab/node/udp-burst.ts ARGS='127.0.0.1 9000 23 997'");
      const counters = await checkout.run("sed -n 's/^Udp: \\([0-9]\\)/\\1/p' /proc/net/snmp");
      go();
      return counters.stdout.split(' ')[4];
    });
    expect(prints).toEqual(example(head('node/udp-sink')));
    expect(result).toBe('20');
  },
);

/** Clients that a stranger writes to while they wait for their input. */
const visited: Record<string, string | undefined> = {
  'node/udp-late-client': undefined,
  'libc/udp-late-client': undefined,
  'node/udp-unconnected-client': 'node/udp-server',
};

test.concurrent.for(Object.entries(visited))(
  'root: %s, and a stranger',
  async ([name, server], { expect }) => {
    await using checkout = await privateCheckout('own');
    const commands = head(name).commands;
    const visit = async () => {
      const client = checkout.start(commands.at(-1) ?? '');
      const [, port = ''] = await client.printed(/^bound: port=(\d+)/m);
      await checkout.run(`bash -c 'printf PSST >/dev/udp/127.0.0.1/${port}'`);
      return client.ended;
    };
    if (server === undefined) return expect(printed(name, await visit())).toEqual(example(head(name)));
    const { result } = await serving(checkout, head(server), async () => ({
      others: await Promise.all(commands.slice(0, -1).map((command) => checkout.run(command))),
      last: await visit(),
    }));
    expect(printed(name, result.last)).toEqual(example(head(name)));
    expect(result.others.map(({ exitCode }) => exitCode)).toEqual([0]);
  },
);

const onClient = ['node/tcp-burst', 'node/udp-burst'];

test.concurrent(
  'root: in make shell HOST=client: bursts, to a server that is stopped, over a link that is slow',
  async ({ expect }) => {
    await using checkout = await privateCheckout();
    const before: Record<string, string> = {
      'node/tcp-burst': `server=$(grep -l tcp-server /proc/[0-9]*/cmdline | cut -d/ -f3 | head -n 1)
      kill -STOP $server; (sleep 1; kill -CONT $server) &`,
      'node/udp-burst': `link=$(ip -o link | sed -n 's/^[0-9]*: \\(e[^@]*\\)@.*/\\1/p')
      tc qdisc add dev $link root tbf rate 80kbit burst 1600 limit 1000000`,
    };
    const typed = onClient.map((name) => `${before[name]}\necho "== ${name}"; ${head(name).commands[0]}\n`);
    const { stdout } = await checkout.run('make shell HOST=client', { input: typed.join('') });
    for (const name of onClient) {
      // How many wait in Node's memory depends on how fast the link took the first ones.
      const some = (lines: readonly string[]) =>
        lines.map((line) =>
          name.includes('udp') ? line.replace(/^queued: bytes=[1-9].*/, 'queued: some') : line,
        );
      expect(some(settled(name, section(stdout, name)))).toEqual(some(example(head(name))));
    }
  },
);

const onResolver = ['node/tcp-resolve', 'node/udp-resolve', 'node/udp-resolve4'];
const dns = 'node/udp-dns-server';

test.concurrent(
  'root: in make shell HOST=server: names, with the files of the lesson resolve on the client',
  async ({ expect }) => {
    await using checkout = await privateCheckout();
    const ask = `const r = new (require('node:dns').promises.Resolver)(); r.setServers(['10.0.0.2']);
    r.resolve4('dns.lab').then(() => r.resolve6('two.lab')).catch(() => {})`;
    const input = [
      `${head(dns).commands[0]} >scratch/dns 2>&1 &`,
      'for protocol in tcp udp; do node lab/node/$protocol-server.ts 10.0.0.2 9000 >scratch/$protocol & done',
      'until grep -qs listening scratch/dns && grep -qs listening scratch/tcp; do sleep 0.05; done',
      `client node -e "${ask.replaceAll('\n', ' ')}"`,
      `client sh -c '${resolverFiles}'`,
      ...onResolver.map((name) => `echo "== ${name}"; client ${head(name).commands[0]}`),
      `kill %1; until grep -q cancelled scratch/dns; do sleep 0.05; done; echo "== ${dns}"; cat scratch/dns`,
    ];
    const { stdout, stderr } = await checkout.run('make shell HOST=server', {
      input: `${input.join('\n')}\n`,
    });
    for (const name of onResolver) expect(section(stdout, name), stderr).toEqual(example(head(name)));
    const [listening, first, second, ...more] = settled(dns, section(stdout, dns));
    expect([listening, first, second, more.at(-1)]).toEqual(example(head(dns)));
  },
);

/** What stands behind `== name`, up to the next. */
const section = (text: string, name: string): string[] =>
  (text.split(/^== /m).find((part) => part.startsWith(`${name}\n`)) ?? '').trimEnd().split('\n').slice(1);

/** What the lesson gives its client: scripts/lessons/03-resolve.ts. */
const resolverFiles = `
place() { target=$(readlink -m /etc/$1); mkdir -p $(dirname $target); touch $target; cat >scratch/$1; mount --bind scratch/$1 $target; }
printf "10.0.0.2 server.lab\\n10.0.0.2 two.lab\\n10.0.0.9 two.lab\\n" | place hosts
echo nameserver 10.0.0.2 | place resolv.conf
echo hosts: files dns | place nsswitch.conf`;

test('any user: no head is left out', () => {
  const typed = [calls, inVain, visited].flatMap((table) => Object.entries(table).flat(2));
  const all = [...typed, ...sinks, ...onClient, ...onResolver, dns];
  expect([...heads.keys()].filter((name) => !all.includes(name))).toEqual([]);
});
