/** The shell of `make shell`, inside the namespaces: a root-like shell on one host, both servers on the other. */
import { execa } from 'execa';
import { writeFile } from 'node:fs/promises';
import type { Backend } from '../hosts/host.ts';
import { port } from '../lessons/lesson.ts';
import { installRules } from '../record/netfilter.ts';

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
You are on ${name}, ${host.address}; ${other.name} is ${other.address}. Both echo servers run on ${pair.server.address}:${port}.
  node lab/node/udp-client.ts ${pair.server.address} ${port} HELLO      an echo
  strace -f -e trace=network node lab/node/udp-client.ts ${pair.server.address} ${port} HELLO
  tcpdump -n -i ${host.interface}                                  the packets (in another: ${other.name} tcpdump …)
  iptables -S; iptables -L -v                            the rules, and what they counted
  ${target === 'LOG' ? `dmesg | grep ${pair.tag}                                   the lines of the rules` : 'tcpdump -n -i nflog:5                                  the packets of the rules'}
  ${other.name} ss -tuan                                       a command on the other host
exit ends both hosts.
text
`,
  );
  const [file = '', ...args] = host.recorder(['bash', '--rcfile', rc, '-i']);
  const { exitCode } = await execa(file, args, { stdio: 'inherit', reject: false, buffer: false });
  for (const server of servers) server.kill('SIGTERM');
  await Promise.all(servers);
  process.exit(exitCode ?? 1);
}
