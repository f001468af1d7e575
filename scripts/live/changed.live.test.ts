/** Programs that nobody has seen before: the table and the verdicts follow what they really do. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { changedPrograms, lab, scratch, unmet, type Lab, type Replacement } from './lab.ts';

interface Changed {
  readonly what: string;
  /** The only one whose programs are changed: all claims of the others must stay met. */
  readonly variant: 'node-tcp' | 'node-udp' | 'libc-tcp' | 'libc-udp';
  readonly file: string;
  readonly replace: readonly Replacement[];
  /** Those in which it matters. */
  readonly lessons: string;
  /** Every claim that is no longer true; strace alone refutes each, of the kernel's stacks too: its call is not there. */
  readonly unmet: readonly string[];
  /** What the lesson echo's table then says of a host. */
  readonly echo?: readonly [host: 'client' | 'server', ...steps: string[]];
  /** What else the output says. */
  readonly says?: RegExp;
  /** The lab waits for its limit. */
  readonly hangs?: true;
}

const changes: readonly Changed[] = [
  {
    what: 'a UDP client that never connects',
    variant: 'node-udp',
    file: 'node/udp-client.ts',
    replace: [
      [
        "socket.connect(Number(port), address);\n  await once(socket, 'connect'",
        "socket.bind();\n  await once(socket, 'listening'",
      ],
      ['socket.remoteAddress()', '{ address, port }'],
      ['socket.send(message, (error', 'socket.send(message, Number(port), address, (error'],
    ],
    // Not in the stranger's: there the lab waits in vain.
    lessons: 'dial,echo,resolve,write,read,serve,refused,close',
    unmet: [
      ...['both-connect', 'connect-default', 'only-tcp-logs', 'refused', 'resolve-same', 'same-path'],
      ...['udp-connect-sets', 'udp-silent', 'udp-stack', 'udp-zero', 'write-is-write', 'write-path'],
    ],
    echo: ['client', 'socket', 'bind', 'send', 'receive', 'close'],
  },
  {
    what: 'a TCP client that resets its connection',
    variant: 'node-tcp',
    file: 'node/tcp-client.ts',
    replace: [['  socket.resume().end();', '  socket.resetAndDestroy();']],
    lessons: 'dial,echo,write,read,serve,close',
    unmet: ['close-silent', 'only-tcp-logs', 'tcp-transmits'],
  },
  {
    what: 'a TCP client that resets its connection, by SO_LINGER',
    variant: 'libc-tcp',
    file: 'libc/tcp-client.ts',
    replace: [
      [
        '  // The kernel sends a FIN',
        '  libc.setsockopt(sockfd, libc.SOL_SOCKET, 13, Buffer.from([1, 0, 0, 0, 0, 0, 0, 0]));\n  // The kernel sends a FIN',
      ],
    ],
    lessons: 'dial,echo,write,read,serve,close',
    unmet: ['close-silent', 'only-tcp-logs', 'tcp-transmits'],
  },
  {
    what: 'a libc UDP client that binds first, as Node does',
    variant: 'libc-udp',
    file: 'libc/udp-client.ts',
    replace: [
      [
        '  // Returns 0 at once',
        "  libc.bind(sockfd, { address: '0.0.0.0', port: 0 });\n  // Returns 0 at once",
      ],
    ],
    lessons: 'dial,echo,write,read',
    unmet: ['both-connect'],
  },
  {
    what: 'a UDP server that answers twice',
    variant: 'node-udp',
    file: 'node/udp-server.ts',
    replace: [
      [
        '  // sendmsg(2) with msg_name set',
        '  socket.send(message, from.port, from.address);\n  // sendmsg(2) with msg_name set',
      ],
    ],
    lessons: 'dial,echo,write,read,serve,cancel,close',
    unmet: ['close-silent', 'echo-returns'],
    echo: ['server', 'socket', 'bind', 'receive', 'send', 'send', 'close'],
  },
  {
    what: 'a TCP dial by name that asks for any family',
    variant: 'node-tcp',
    file: 'node/tcp-resolve.ts',
    replace: [[', family: 4', '']],
    lessons: 'resolve',
    unmet: ['resolve-same'],
  },
  {
    what: 'a libc UDP client that receives with recvfrom(2)',
    variant: 'libc-udp',
    file: 'libc/udp-client.ts',
    replace: [['libc.read(sockfd, buffer)', 'libc.recvfrom(sockfd, buffer).bytes']],
    lessons: 'read,refused,lost',
    // read-path is refuted by strace already: there is no read(2) that could sleep on a stack.
    unmet: ['read-blocks', 'read-deadline', 'read-is-read', 'read-path', 'refused'],
  },
  {
    what: 'a server that ends otherwise than it is told',
    variant: 'node-udp',
    file: 'node/udp-server.ts',
    replace: [["    console.log('cancelled');", '    process.exitCode = 3;']],
    lessons: 'echo,cancel',
    unmet: ['cancel', 'echo-prints'],
  },
  {
    what: 'a server that clears its buffer',
    variant: 'libc-udp',
    file: 'libc/udp-buffer-server.ts',
    replace: [['      const { bytes, from } = ', '      buffer.fill(0);\n      const { bytes, from } = ']],
    lessons: 'boundaries',
    unmet: ['buffer-reused'],
  },
  {
    what: 'a UDP client that sends two messages',
    variant: 'node-udp',
    file: 'node/udp-client.ts',
    replace: [
      [
        '    // recvmsg(2): one datagram.',
        `    const [first] = await once(socket, 'message', { signal: expiry() });
    console.log(\`packet-received: bytes=\${first.length} from=10.0.0.2:9000\`);
    socket.send('second');
    console.log('packet-written: bytes=6');
    // recvmsg(2): one datagram.`,
      ],
    ],
    lessons: 'echo',
    unmet: [],
    echo: ['client', 'socket', 'bind', 'connect', 'send', 'receive', 'send', 'receive', 'close'],
    says: /sendmsg "second" → 6/,
  },
  {
    what: 'a TCP client that sends two messages and reads only one',
    variant: 'node-tcp',
    file: 'node/tcp-client.ts',
    replace: [
      [
        '  // shutdown(SHUT_WR): a FIN.',
        "  socket.write('second');\n  socket.destroySoon();\n  // shutdown(SHUT_WR): a FIN.",
      ],
    ],
    lessons: 'echo',
    unmet: ['echo-returns'],
  },
  {
    what: 'a program that crashes',
    variant: 'node-udp',
    file: 'node/udp-client.ts',
    replace: [
      [
        "const socket = createSocket('udp4');",
        "throw new Error('no');\nconst socket = createSocket('udp4');",
      ],
    ],
    lessons: 'echo',
    unmet: ['echo-prints', 'echo-returns', 'reply-swaps', 'same-path'],
    says: /the program on client ended with exit 1/,
  },
  {
    what: 'a program that hangs, which the lab does not',
    variant: 'node-udp',
    file: 'node/udp-client.ts',
    replace: [
      [
        "const socket = createSocket('udp4');",
        "await new Promise(() => setInterval(() => {}, 1000));\nconst socket = createSocket('udp4');",
      ],
    ],
    lessons: 'echo',
    unmet: ['echo-prints', 'echo-returns', 'reply-swaps', 'same-path'],
    says: /the program on client ended with killed by the lab after/,
    hangs: true,
  },
];

/** Changes of different variants do not get in each other's way: one lab plays them all. */
const labs: Changed[][] = [];
for (const change of changes) {
  const free = labs.find((others) => others.every(({ variant }) => variant !== change.variant));
  if (free === undefined) labs.push([change]);
  else free.push(change);
}

const folders: Awaited<ReturnType<typeof scratch>>[] = [];
afterAll(async () => {
  for (const folder of folders) await folder[Symbol.asyncDispose]();
});
const played = new Map<readonly Changed[], Promise<Lab>>();

function playOnce(together: readonly Changed[]): Promise<Lab> {
  const lab = played.get(together) ?? play(together);
  played.set(together, lab);
  return lab;
}

async function play(together: readonly Changed[]): Promise<Lab> {
  const folder = await scratch();
  folders.push(folder);
  const programs = await changedPrograms(folder.path, together);
  const lessons = new Set(together.flatMap((change) => change.lessons.split(',')));
  return lab(folder.path, ['--programs', programs, '--lesson', [...lessons].join(',')]);
}

// Where a lab does nothing but wait, it can do so beside the others.
beforeAll(() => {
  for (const together of labs) if (together.some(({ hangs }) => hangs)) void playOnce(together);
});

test.for(labs.flatMap((together) => together.map((change) => [change.what, change, together] as const)))(
  'any user: %s',
  async ([, { variant, unmet: expected, echo, says }, together]) => {
    const ran = await playOnce(together);
    expect(ran.exitCode, ran.errors).toBe(together.every((one) => one.unmet.length === 0) ? 0 : 1);
    const changed = together.map((one) => one.variant);
    expect(unmet(ran).filter((claim) => !changed.some((one) => claim.endsWith(one)))).toEqual([]);
    const found = unmet(ran).filter((claim) => claim.endsWith(variant));
    expect(found.toSorted()).toEqual(expected.map((claim) => `${claim} ${variant}`));
    expect(echo && [echo[0], ...udpSteps(ran, 'echo', echo[0])]).toEqual(echo);
    expect(ran.output).toMatch(says ?? '');
  },
);

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
