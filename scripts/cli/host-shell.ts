/** The shell of `make shell`, inside the namespaces: a root-like shell on one host, both servers on the other. */
import { execa } from 'execa';
import { writeFile } from 'node:fs/promises';
import type { Backend, Host, Pair } from '../hosts/host.ts';
import { port } from '../lessons/lesson.ts';
import { installRules, nflogGroup } from '../record/netfilter.ts';

export async function openHostShell(
  backend: Backend,
  name: 'client' | 'server',
  target: 'LOG' | 'NFLOG',
): Promise<number> {
  const [pair] = backend.pairs;
  if (pair === undefined) throw new Error('the backend gave no pair');
  const { node, lab, scratch } = backend.paths;
  await installRules(pair, target);
  const servers = ['tcp', 'udp'].map((protocol) => {
    const argv = [node, `${lab}/node/${protocol}-server.ts`, pair.server.address, String(port)];
    const [file = '', ...args] = pair.server.program(argv);
    return execa(file, args, { reject: false, stdout: 'ignore', stderr: 'ignore', stdin: 'ignore' });
  });
  const host = pair[name];
  const other = name === 'client' ? pair.server : pair.client;
  const rc = `${scratch}/shell-rc`;
  await writeFile(
    rc,
    `PS1='${name} ${host.address} \\w # '
PATH=${node.slice(0, node.lastIndexOf('/'))}:$PATH
cd ${lab}/..
# a command on the other host: ${other.name} ss -tuan
${other.name}() { ${other.recorder(['"$@"']).join(' ')}; }
cat <<'text'
${greeting(pair, host, other, target)}
text
`,
  );
  const [file = '', ...args] = host.recorder(['bash', '--rcfile', rc, '-i']);
  const { exitCode } = await execa(file, args, { stdio: 'inherit', reject: false, buffer: false });
  for (const server of servers) server.kill('SIGTERM');
  await Promise.all(servers);
  process.exit(exitCode ?? 1);
}

/** What can be typed here, with this pair's own names. */
function greeting(pair: Pair, host: Host, other: Host, target: 'LOG' | 'NFLOG'): string {
  const there = `${pair.server.address} ${port}`;
  const lines: [command: string, what: string][] = [
    [`node lab/node/udp-client.ts ${there} HELLO`, 'an echo; lab/node/ holds the programs'],
    [`strace -f -e trace=network node lab/node/udp-client.ts ${there} HELLO`, ''],
    [`${other.name} ss -tuan`, `any command, on ${other.name}`],
    [`tcpdump -n -i ${host.interface} &`, 'the packets'],
    ['iptables -S; iptables -L -v', 'the rules, and what they have counted'],
    target === 'LOG'
      ? [`dmesg | grep ${pair.tag}`, 'the lines that they wrote']
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
