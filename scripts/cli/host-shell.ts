/** The shell of `make shell`: a root-like shell on one host. On the client the servers run on the other. */
import { execa } from 'execa';
import { once } from 'node:events';
import type { Backend, Host, Pair } from '../hosts/host.ts';
import { port } from '../lessons/lesson.ts';
import { installRules, nflogGroup } from '../record/netfilter.ts';

export async function openHostShell(backend: Backend, name: 'client' | 'server'): Promise<number> {
  const [pair] = backend.pairs;
  if (pair === undefined) throw new Error('the backend gave no pair');
  const { node, lab, scratch } = backend.paths;
  await installRules(pair, backend.netfilter.recorder);
  // Whoever is on the server starts a server: its port must be free.
  const servers = name === 'server' ? [] : await Promise.all(['tcp', 'udp'].map(startServer(backend, pair)));
  const host = pair[name];
  const other = name === 'client' ? pair.server : pair.client;
  const rc = `${scratch}/shell-rc`;
  await host.shell(`cat >${rc} <<'end of rc'
PS1='${name} ${host.address} \\w # '
PATH=${node.slice(0, node.lastIndexOf('/'))}:$PATH
cd ${lab}/..
${backend.name === 'docker' ? '' : `${other.name}() { ${other.recorder(['env', '--chdir="$PWD"', '"$@"']).join(' ')}; }`}
cat <<'text'
${greeting(backend, pair, host, other)}
text
end of rc`);
  const [file = '', ...args] = host.terminal(['bash', '--rcfile', rc, '-i']);
  const { exitCode } = await execa(file, args, { stdio: 'inherit', reject: false, buffer: false });
  await Promise.all(servers.map((end) => end()));
  return exitCode ?? 1;
}

/** Resolves when it listens, or has ended because it cannot. */
const startServer =
  ({ paths: { node, lab } }: Backend, { server }: Pair) =>
  async (protocol: string) => {
    const argv = [node, `${lab}/node/${protocol}-server.ts`, server.address, String(port)];
    const [file = '', ...args] = server.program(argv);
    const program = execa(file, args, { reject: false, buffer: false, stderr: 'ignore', stdin: 'ignore' });
    await Promise.race([once(program.stdout, 'data'), program]);
    program.stdout.resume();
    return async () => {
      program.kill('SIGTERM');
      await program;
    };
  };

/** What can be typed here, with this pair's own names. */
function greeting({ name, netfilter }: Backend, pair: Pair, host: Host, other: Host): string {
  const there = `${pair.server.address} ${port}`;
  const onClient = host.name === 'client';
  const program = `node lab/node/udp-${host.name}.ts ${there}${onClient ? ' HELLO' : ''}`;
  // A container has no user tcpdump to become.
  const stays = name === 'docker' ? '-Z root ' : '';
  const client = `node lab/node/udp-client.ts ${there} HELLO`;
  const lines: [command: string, what: string][] = [
    onClient ? [program, 'an echo'] : [`${program} &`, 'a server; kill %1 ends it'],
    [`strace -f -e trace=network ${program}`, ''],
    // In a container there is no docker command, and the kernel's log is not for this one to read.
    name === 'docker'
      ? [other.terminal(['bash']).join(' '), `in a second terminal: this ${other.name}`]
      : [
          onClient ? `${other.name} ss -tuan` : `${other.name} ${client}`,
          `on this ${other.name}: any command, or ${other.name} bash`,
        ],
    [`tcpdump ${stays}-n -i ${host.links[0]?.interface ?? ''} &`, 'the packets'],
    ['iptables -S; iptables -L -v', 'the rules, and what they have counted'],
    netfilter.recorder === 'LOG'
      ? [
          `dmesg | grep ${pair.tag}`,
          `the lines that they wrote${name === 'docker' ? ', as root in a second terminal' : ''}`,
        ]
      : [`tcpdump ${stays}-n -i nflog:${nflogGroup} &`, 'the packets that they caught'],
  ];
  const width = Math.max(...lines.map(([command, what]) => (what === '' ? 0 : command.length)));
  return [
    `You are on ${host.name}, ${host.address}; ${other.name} is ${other.address}. ${
      onClient
        ? `Two echo servers, TCP and UDP, listen on ${there.replace(' ', ':')}.`
        : `Nothing listens yet; lab/node/ and lab/libc/ hold the programs.`
    }`,
    'Both hosts are this shell’s own and end with it: make shell in another terminal makes another pair.',
    '',
    ...lines.map(([command, what]) => `  ${command.padEnd(width)}  ${what}`.trimEnd()),
    '',
  ].join('\n');
}
