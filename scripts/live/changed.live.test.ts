/** Programs that nobody has seen before: the table and the verdicts follow what they really do. */
import { expect, test } from 'vitest';
import { byStacks, changedPrograms, lab, needsRoot, scratch, unmet, type Lab } from './lab.ts';

/** What only the kernel recorder can prove, it can only refute where it ran. */
const canSee = ({ tier }: Lab, claim: string): boolean => tier !== 'none' || !byStacks.includes(claim);

/** The names in the UDP column of a lesson's table on a host, in order. */
function udpSteps({ output }: Lab, lesson: string, host: 'client' | 'server'): string[] {
  const table =
    output
      .split('\n\n')
      .find((part) => part.startsWith(`${lesson} · `) && /^client .*UDP/m.test(part))
      ?.split('\n') ?? [];
  const begin = table.findIndex((line) => line.startsWith(host));
  const column = (table[begin] ?? '').indexOf('UDP');
  const end = table.findIndex((line, index) => index > begin && /^(server|\(kernel\)|[✔✘?] )/.test(line));
  const rows = table.slice(begin + 1, end === -1 ? undefined : end);
  return rows
    .filter((line) => /^\w/.test(line) && !/^–?$/.test(line.slice(column).trim()))
    .map((line) => line.split(' ')[0] ?? '');
}

test('root: a UDP client that never connects', async (context) => {
  needsRoot(context);
  await using folder = await scratch();
  const programs = await changedPrograms(folder.path, 'node/udp-client.ts', [
    [
      "socket.connect(Number(port), address);\n  await once(socket, 'connect'",
      "socket.bind();\n  await once(socket, 'listening'",
    ],
    ['socket.remoteAddress()', '{ address, port }'],
    ['socket.send(message, (error', 'socket.send(message, Number(port), address, (error'],
  ]);
  const ran = await lab(folder.path, ['--programs', programs]);
  expect(ran.exitCode, ran.errors).toBe(1);
  // Whether the stranger's scene, in which the lab waits in vain, can be judged at all depends on who is killed first.
  const others = unmet(ran).filter((claim) => claim !== 'connect-filters node-udp');
  expect(others.toSorted()).toEqual(
    [
      ...['both-connect', 'connect-default', 'only-tcp-logs', 'refused', 'resolve-same', 'same-path'],
      ...['udp-connect-sets', 'udp-silent', 'udp-stack', 'udp-zero', 'write-is-write', 'write-path'],
    ]
      .filter((claim) => canSee(ran, claim))
      .map((claim) => `${claim} node-udp`),
  );
  expect(udpSteps(ran, 'echo', 'client')).toEqual(['socket', 'bind', 'send', 'receive', 'close']);
});

test('root: a UDP server that answers twice', async (context) => {
  needsRoot(context);
  await using folder = await scratch();
  const programs = await changedPrograms(folder.path, 'node/udp-server.ts', [
    [
      '  // sendmsg(2) with msg_name set',
      '  socket.send(message, from.port, from.address);\n  // sendmsg(2) with msg_name set',
    ],
  ]);
  const ran = await lab(folder.path, ['--programs', programs]);
  expect(unmet(ran)).toEqual(['echo-returns node-udp', 'close-silent node-udp']);
  expect(udpSteps(ran, 'echo', 'server')).toEqual(['socket', 'bind', 'receive', 'send', 'send', 'close']);
});

/** Program, what is changed in it, the lessons that are played, and every claim that is no longer true. */
test.each<[string, string, [string, string], string, string[]]>([
  [
    'a TCP client that resets its connection',
    'node/tcp-client.ts',
    ['  socket.resume().end();', '  socket.resetAndDestroy();'],
    'dial,echo,write,read,serve,close',
    ['tcp-transmits node-tcp', 'only-tcp-logs node-tcp', 'close-silent node-tcp'],
  ],
  [
    'a TCP client that resets its connection, by SO_LINGER',
    'libc/tcp-client.ts',
    [
      '  // The kernel sends a FIN',
      '  libc.setsockopt(sockfd, libc.SOL_SOCKET, 13, Buffer.from([1, 0, 0, 0, 0, 0, 0, 0]));\n  // The kernel sends a FIN',
    ],
    'dial,echo,write,read,serve,close',
    ['tcp-transmits libc-tcp', 'only-tcp-logs libc-tcp', 'close-silent libc-tcp'],
  ],
  [
    'a libc UDP client that binds first, as Node does',
    'libc/udp-client.ts',
    [
      '  // Returns 0 at once',
      "  libc.bind(sockfd, { address: '0.0.0.0', port: 0 });\n  // Returns 0 at once",
    ],
    'dial,echo,write,read',
    ['both-connect libc-udp'],
  ],
  [
    'a libc UDP client that receives with recvfrom(2)',
    'libc/udp-client.ts',
    ['libc.read(sockfd, buffer)', 'libc.recvfrom(sockfd, buffer).bytes'],
    'read,refused,lost',
    ['read-is-read', 'read-path', 'read-blocks', 'read-deadline', 'refused'].map(
      (claim) => `${claim} libc-udp`,
    ),
  ],
  [
    'a server that clears its buffer',
    'libc/udp-buffer-server.ts',
    ['      const { bytes, from } = ', '      buffer.fill(0);\n      const { bytes, from } = '],
    'boundaries',
    ['buffer-reused libc-udp'],
  ],
  [
    'a TCP dial by name that asks for any family',
    'node/tcp-resolve.ts',
    [', family: 4', ''],
    'resolve',
    ['resolve-same node-tcp'],
  ],
  [
    'a server that ends otherwise than it is told',
    'node/udp-server.ts',
    ["    console.log('cancelled');", '    process.exitCode = 3;'],
    'echo,cancel',
    ['echo-prints node-udp', 'cancel node-udp'],
  ],
])('any user: %s', async (_, file, change, lessons, claims) => {
  await using folder = await scratch();
  const programs = await changedPrograms(folder.path, file, [change]);
  const ran = await lab(folder.path, ['--programs', programs, '--lesson', lessons]);
  expect(ran.exitCode, ran.errors).toBe(1);
  // read-path is refuted by strace already: there is no read(2) that could sleep on a stack.
  expect(unmet(ran)).toEqual(claims);
});

test('root: a UDP client that sends two messages', async (context) => {
  needsRoot(context);
  await using folder = await scratch();
  const programs = await changedPrograms(folder.path, 'node/udp-client.ts', [
    [
      '    // recvmsg(2): one datagram.',
      `    const [first] = await once(socket, 'message', { signal: expiry() });
    console.log(\`packet-received: bytes=\${first.length} from=10.0.0.2:9000\`);
    socket.send('second');
    console.log('packet-written: bytes=6');
    // recvmsg(2): one datagram.`,
    ],
  ]);
  const ran = await lab(folder.path, ['--programs', programs, '--lesson', 'echo']);
  expect(unmet(ran)).toEqual([]);
  expect(udpSteps(ran, 'echo', 'client')).toEqual([
    'socket',
    'bind',
    'connect',
    'send',
    'receive',
    'send',
    'receive',
    'close',
  ]);
  expect(ran.output).toMatch(/sendmsg "second" → 6/);
});

test('root: a TCP client that sends two messages and reads only one', async (context) => {
  needsRoot(context);
  await using folder = await scratch();
  const programs = await changedPrograms(folder.path, 'node/tcp-client.ts', [
    [
      '  // shutdown(SHUT_WR): a FIN.',
      "  socket.write('second');\n  socket.destroySoon();\n  // shutdown(SHUT_WR): a FIN.",
    ],
  ]);
  const ran = await lab(folder.path, ['--programs', programs, '--lesson', 'echo']);
  expect(unmet(ran)).toContain('echo-returns node-tcp');
  expect(unmet(ran).filter((claim) => claim.endsWith('node-udp'))).toEqual([]);
});

test('root: a program that crashes, and one that hangs: unmet, never a hanging lab', async (context) => {
  needsRoot(context);
  await using folder = await scratch();
  const programs = await changedPrograms(folder.path, 'node/udp-client.ts', [
    ["const socket = createSocket('udp4');", "throw new Error('no');\nconst socket = createSocket('udp4');"],
  ]);
  const crashed = await lab(folder.path, ['--programs', programs, '--lesson', 'echo']);
  expect(crashed.exitCode).toBe(1);
  expect(unmet(crashed)).toContain('echo-returns node-udp');
  expect(crashed.output).toMatch(/the program on client ended with exit 1/);
  await using other = await scratch();
  const hanging = await changedPrograms(other.path, 'node/udp-client.ts', [
    [
      "const socket = createSocket('udp4');",
      "await new Promise(() => setInterval(() => {}, 1000));\nconst socket = createSocket('udp4');",
    ],
  ]);
  const hung = await lab(other.path, ['--programs', hanging, '--lesson', 'echo']);
  expect(hung.exitCode).toBe(1);
  expect(hung.output).toMatch(/the program on client ended with killed by the lab after/);
});
