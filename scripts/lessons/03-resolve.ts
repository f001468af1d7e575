/**
 * resolve: before a program can dial it needs an address. Who asks for it, whom, and is it the same for TCP and UDP?
 *
 * The client's /etc/hosts knows server.lab and gives two.lab two addresses; the name dns.lab is known to a DNS server
 * on the third host alone.
 */
import { agrees, call, differs, inScene, packet, through, type Fields } from 'echolab/expectation';
import type { Act, Lesson, Protocol } from 'echolab/lesson';
import { serverEnds, serverListens } from 'echolab/stories';

const there = '10.0.0.2:9000';

const resolverReads: readonly Act[] = [
  {
    act: 'file',
    host: 'client',
    path: '/etc/hosts',
    text: '127.0.0.1 localhost\n10.0.0.2 server.lab\n10.0.0.2 two.lab\n10.0.0.9 two.lab\n',
  },
  { act: 'file', host: 'client', path: '/etc/resolv.conf', text: 'nameserver 10.0.0.3\n' },
  { act: 'file', host: 'client', path: '/etc/nsswitch.conf', text: 'hosts: files dns\n' },
];

const nameServerListens: readonly Act[] = [
  { act: 'sysctl', host: 'stranger', name: 'net.ipv4.ip_unprivileged_port_start', value: '53' },
  {
    ...{ act: 'start', host: 'stranger', program: 'node/udp-dns-server' },
    ...{ address: '10.0.0.3', port: '53', args: ['dns.lab=10.0.0.2'] },
  },
  { act: 'printed', host: 'stranger', line: 'listening:' },
];

const nameServerEnds: readonly Act[] = [
  { act: 'signal', host: 'stranger', signal: 'SIGTERM' },
  { act: 'exited', host: 'stranger' },
];

const dials = (program: string, args: readonly string[], address?: string): Act[] => [
  { act: 'start', host: 'client', program, args, ...(address !== undefined && { address }) },
  { act: 'exited', host: 'client' },
];

const opens = (path: string) => call({ host: 'client', name: 'openat', path });
/** The program says that it has dialled a name: as a call, for the time of a printed line is when the lab has read it. */
const dialled = (name: string) =>
  call({ host: 'client', name: 'write', fd: 1, data: `connected: name=${name} to=${there}\n` });
/** The program's own socket, not one of the resolver's. */
const dial = (protocol: Protocol) =>
  call({ host: 'client', step: 'connect', protocol, address: there, pid: '$main' });

/** Four names, one after the other; what each is asked of lies between the lines that the program prints. */
const inOrderOfSources = (protocol: Protocol) =>
  agrees(
    'an address: no file is opened; a name in /etc/hosts: nothing is sent; another name: a query to port 53; a name with two addresses: a UDP connect(2) to each, and still nothing is sent',
    { see: dial(protocol) },
    {
      after: call({ host: 'client', name: 'execve', returned: 0 }),
      before: dialled('10.0.0.2'),
      holds: { never: opens('/etc/hosts') },
    },
    {
      after: dialled('10.0.0.2'),
      before: dialled('server.lab'),
      holds: { inOrder: [opens('/etc/nsswitch.conf'), opens('/etc/hosts')] },
    },
    {
      after: dialled('10.0.0.2'),
      before: dialled('server.lab'),
      holds: { never: packet({ protocol: 'udp', dport: 53 }) },
    },
    {
      after: dialled('server.lab'),
      before: dialled('dns.lab'),
      holds: {
        inOrder: [
          opens('/etc/hosts'),
          call({ host: 'client', step: 'connect', address: '10.0.0.3:53' }),
          packet({ sender: 'client', protocol: 'udp', to: '10.0.0.3:53' }),
        ],
      },
    },
    {
      after: dialled('dns.lab'),
      before: dialled('two.lab'),
      holds: {
        inOrder: [
          call({ host: 'client', step: 'connect', protocol: 'udp', address: '10.0.0.2:0', returned: 0 }),
          call({ host: 'client', step: 'connect', protocol: 'udp', address: '10.0.0.9:0', returned: 0 }),
        ],
      },
    },
    { never: packet({ to: '10.0.0.9' }) },
    { never: packet({ protocol: 'udp', dport: 0 }) },
  );

/** What the thread that resolves asks of the kernel, call by call. It also looks for more memory, now and then. */
const sameIn = (other: string) => {
  const given = call({ host: 'client', step: 'connect', address: there, pid: '$main' });
  const asks = (fields: Fields) => call({ host: 'client', pid: { not: '$main' }, ...fields });
  const files = ['/etc/host.conf', '/etc/resolv.conf', '/etc/nsswitch.conf', '/etc/hosts'];
  return agrees(
    'the resolver’s thread opens the same files and makes the same calls on sockets, in the same order',
    {
      ...{ given, list: asks({ name: 'openat', path: { oneOf: files } }), fields: ['name', 'path'] },
      sameIn: other,
    },
    {
      ...{ given, list: asks({ name: { oneOf: ['socket', 'connect', 'sendto', 'recvfrom'] } }) },
      ...{ fields: ['name', 'family', 'flags', 'address'], sameIn: other },
    },
  );
};

const onOwnThread = (protocol: Protocol) =>
  agrees(
    'getaddrinfo(3) runs on another thread than the one that dials',
    { see: dial(protocol) },
    { see: call({ host: 'client', name: 'openat', path: '/etc/hosts', pid: { not: '$main' } }) },
    { never: call({ host: 'client', name: 'openat', path: '/etc/hosts', pid: '$main' }) },
  );

const onPoolThread = agrees(
  'its connect(2) is made in getaddrinfo(3), on a thread of libuv’s pool; the program’s own in JavaScript’s call, on the main thread',
  { see: call({ ...dial('udp').fields, userStack: through('node::UDPWrap::DoConnect', 'connect') }) },
  {
    see: call({
      ...{ host: 'client', step: 'connect', address: '10.0.0.2:0', pid: { not: '$main' } },
      ...{ userStack: through('uv__getaddrinfo_work', 'getaddrinfo', 'connect'), fromJavaScript: false },
    }),
  },
);

export const lesson: Lesson = {
  id: 'resolve',
  question: 'how does a name become an address?',
  section: 'Resolving the address',
  look: 'The thread numbers in client.strace: /etc/hosts is read by another thread than the one that calls connect(2).',
  surprises: [
    'For a name with two addresses glibc makes a UDP socket and connects it to each: it asks the routing table which address it would use, and sends nothing (RFC 6724).',
    'Node’s net asks for IPv6 and IPv4 addresses unless told `family: 4`; then glibc asks the kernel for its own addresses first, by NETLINK.',
    'dns.resolve4() is another resolver (c-ares): it never looks into /etc/hosts and runs on the main thread.',
  ],
  notShown: 'IPv6, a cache (nscd, systemd-resolved), a DNS answer that is lost.',
  ask: [
    {
      question: 'The name has two addresses. How many packets does it take to sort them?',
      answer: 'None. A UDP connect(2) to each asks the routing table; nothing leaves the host.',
      variant: 'node-udp',
      clauses: [
        {
          after: dialled('dns.lab'),
          before: dialled('two.lab'),
          holds: { never: packet({ protocol: 'udp' }) },
        },
      ],
    },
    {
      question: 'Which transport does the DNS query take?',
      answer: 'UDP, to port 53: a connected socket, one datagram each way.',
      variant: 'node-tcp',
      clauses: [
        {
          inOrder: [
            packet({ sender: 'client', protocol: 'udp', to: '10.0.0.3:53' }),
            packet({ sender: 'stranger', protocol: 'udp', from: '10.0.0.3:53' }),
          ],
        },
      ],
    },
    {
      question: 'Would dns.resolve4() have found server.lab?',
      answer: 'No: it asks the name server alone and never opens /etc/hosts.',
      variant: 'node-udp',
      scene: 'resolve4',
      clauses: [{ never: opens('/etc/hosts') }],
    },
  ],
  scenes: [
    {
      id: 'main',
      variants: ['node-tcp', 'node-udp'],
      trace: ['openat'],
      story: [
        ...resolverReads,
        ...nameServerListens,
        ...serverListens,
        ...dials('resolve', ['10.0.0.2', 'server.lab', 'dns.lab', 'two.lab']),
        ...serverEnds,
        ...nameServerEnds,
      ],
    },
    {
      id: 'defaults',
      title: 'Node’s defaults: any family',
      variants: ['node-tcp', 'node-udp'],
      trace: ['openat'],
      story: [
        ...resolverReads,
        ...serverListens,
        ...dials('client', ['', '4000'], 'server.lab'),
        ...serverEnds,
      ],
    },
    {
      id: 'user-stacks',
      title: 'the resolver’s own stack',
      variants: ['node-udp'],
      stacks: true,
      story: [...resolverReads, ...serverListens, ...dials('resolve', ['two.lab']), ...serverEnds],
    },
    {
      id: 'resolve4',
      title: 'dns.resolve4(), the other resolver',
      variants: ['node-udp'],
      trace: ['openat'],
      story: [...resolverReads, ...nameServerListens, ...dials('resolve4', ['dns.lab']), ...nameServerEnds],
    },
  ],
  claims: [
    {
      id: 'resolve-order',
      says: 'an IP literal, then the order that the system names (hosts, DNS); the list is sorted',
      expect: { 'node-tcp': inOrderOfSources('tcp'), 'node-udp': inOrderOfSources('udp') },
    },
    {
      id: 'resolve-same',
      says: 'the same for TCP',
      expect: {
        'node-tcp': [
          sameIn('node-udp'),
          inScene(
            'defaults',
            differs(
              'without `family: 4` TCP asks for both families: glibc lists the machine’s addresses by NETLINK first',
              'net looks up any family by default, dgram that of its socket',
              {
                inOrder: [
                  call({ host: 'client', name: 'socket', family: 'AF_NETLINK' }),
                  opens('/etc/hosts'),
                ],
              },
            ),
          ),
        ],
        'node-udp': inScene(
          'defaults',
          agrees(
            'UDP asks for the family of its socket: no NETLINK',
            { see: opens('/etc/hosts') },
            {
              never: call({ host: 'client', name: 'socket', family: 'AF_NETLINK' }),
            },
          ),
        ),
      },
    },
    {
      id: 'resolve-thread',
      says: 'resolving runs beside the caller',
      expect: {
        'node-tcp': onOwnThread('tcp'),
        'node-udp': [
          onOwnThread('udp'),
          inScene('user-stacks', onPoolThread),
          inScene(
            'resolve4',
            differs(
              'dns.resolve4() asks from the main thread and opens no hosts file',
              'it is c-ares, a resolver with sockets that never block; only getaddrinfo(3) needs a thread',
              { see: dial('udp') },
              { see: call({ host: 'client', step: 'connect', address: '10.0.0.3:53', pid: '$main' }) },
              { never: opens('/etc/hosts') },
            ),
          ),
        ],
      },
    },
  ],
};
