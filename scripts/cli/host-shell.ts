/** The shell of `make shell`: a root-like shell on one host, both servers on the other. */
import { execa } from 'execa';
import type { Backend, Host, Pair } from '../hosts/host.ts';
import { port } from '../lessons/lesson.ts';
import { installRules, nflogGroup } from '../record/netfilter.ts';

export async function openHostShell(backend: Backend, name: 'client' | 'server'): Promise<number> {
  const [pair] = backend.pairs;
  if (pair === undefined) throw new Error('the backend gave no pair');
  const { node, lab, scratch } = backend.paths;
  await installRules(pair, backend.netfilter.recorder);
  const servers = ['tcp', 'udp'].map((protocol) => {
    const argv = [node, `${lab}/node/${protocol}-server.ts`, pair.server.address, String(port)];
    const [file = '', ...args] = pair.server.program(argv);
    return execa(file, args, { reject: false, stdout: 'ignore', stderr: 'ignore', stdin: 'ignore' });
  });
  const host = pair[name];
  const other = name === 'client' ? pair.server : pair.client;
  const rc = `${scratch}/shell-rc`;
  await host.shell(`cat >${rc} <<'end of rc'
PS1='${name} ${host.address} \\w # '
PATH=${node.slice(0, node.lastIndexOf('/'))}:$PATH
cd ${lab}/..
${backend.name === 'docker' ? '' : `${other.name}() { ${other.recorder(['"$@"']).join(' ')}; }`}
cat <<'text'
${greeting(backend, pair, host, other)}
text
end of rc`);
  const [file = '', ...args] = host.terminal(['bash', '--rcfile', rc, '-i']);
  const { exitCode } = await execa(file, args, { stdio: 'inherit', reject: false, buffer: false });
  for (const server of servers) server.kill('SIGTERM');
  await Promise.all(servers);
  return exitCode ?? 1;
}

/** What can be typed here, with this pair's own names. */
function greeting({ name, netfilter }: Backend, pair: Pair, host: Host, other: Host): string {
  const there = `${pair.server.address} ${port}`;
  const lines: [command: string, what: string][] = [
    [`node lab/node/udp-client.ts ${there} HELLO`, 'an echo; lab/node/ holds the programs'],
    [`strace -f -e trace=network node lab/node/udp-client.ts ${there} HELLO`, ''],
    // In a container there is no docker command, and the kernel's log is not for this one to read.
    name === 'docker'
      ? [other.terminal(['bash']).join(' '), `in a second terminal: ${other.name}`]
      : [`${other.name} ss -tuan`, `any command, on ${other.name}`],
    [`tcpdump -n -i ${host.links[0]?.interface ?? ''} &`, 'the packets'],
    ['iptables -S; iptables -L -v', 'the rules, and what they have counted'],
    netfilter.recorder === 'LOG'
      ? [
          `dmesg | grep ${pair.tag}`,
          `the lines that they wrote${name === 'docker' ? ', as root in a second terminal' : ''}`,
        ]
      : [`tcpdump -n -i nflog:${nflogGroup} &`, 'the packets that they caught'],
  ];
  const width = Math.max(...lines.map(([command, what]) => (what === '' ? 0 : command.length)));
  return [
    `You are on ${host.name}, ${host.address}; ${other.name} is ${other.address}. Two echo servers, TCP and UDP,`,
    `listen on ${pair.server.address}:${port}. Both hosts end with this shell.`,
    '',
    ...lines.map(([command, what]) => `  ${command.padEnd(width)}  ${what}`.trimEnd()),
    '',
  ].join('\n');
}
