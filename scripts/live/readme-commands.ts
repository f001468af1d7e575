/** For tests: every command line of README.md and docker/README.md, and how a test runs it. */

export interface Typed {
  /** What is typed in its place, where the line itself takes too long, or waits for a person. */
  readonly bounded?: string;
  /** Typed before it: what the text takes for granted. */
  readonly before?: string;
  readonly input?: string;
  /** 0 where nothing is said. */
  readonly exitCode?: number;
  /** Must be in what it prints. */
  readonly prints?: readonly RegExp[];
}

/** The test that runs it. */
export interface Elsewhere {
  readonly elsewhere: string;
}

/** A pager waits for a person: the file is there, and holds what the comment says. */
const reads = (file: string, ...prints: RegExp[]): Record<string, Typed> => ({
  [`less ${file}`]: { bounded: `cat ${file}`, prints },
});

const latest = 'traces/latest';
const capture = `${latest}/dial/node-tcp/capture.pcapng`;
/** What is printed of the run that the lab before it has recorded. */
const again = "make report LESSON=dial ARGS='--format verdicts";
/** A change that makes a claim false: libc's UDP client binds, as Node's does, before it connects. */
const bindsFirst = 's/^  .. Returns 0 at once/  libc.bind(sockfd, { address: "0.0.0.0", port: 0 });\\n&/';
const old = '2020-01-01T00-00-00.000';
const byHand = { elsewhere: 'readme.live.test.ts: a server and a client by hand' };
const compose = { elsewhere: 'scripts/hosts/docker-compose.live.test.ts' };
const inDocker = 'docker compose -f docker/compose.yaml';

/** In the order of the text: the files that some read are made by those before. */
export const commands: Readonly<Record<string, Typed | Elsewhere>> = {
  'make lab': { elsewhere: 'lab.live.test.ts, and .ci/run as it stands' },
  'make test': { elsewhere: '.ci/run; this test is a part of it' },

  'make lab LESSON=dial': {
    prints: [
      /^dial · what does connect\(2\) do\?$/m,
      /^Questions for class$/m,
      /^report: traces\/local\/\S+\/report\.html$/m,
    ],
  },
  'make lab LESSON=dial ARGS=--answers': { prints: [/None\. connect\(2\) only writes the two addresses/] },
  'make lab LESSON=dial ARGS=--explain': {
    bounded: `${again} --explain'`,
    prints: [/^ +connect \d+ .*\n +\S/m],
  },
  'make lab ARGS=--verbose': {
    bounded: `${again} --verbose'`,
    prints: [/^ {2}strace -f .* node lab\/node\/udp-client\.ts 10\.0\.0\.2 9000 /m],
  },
  'make shell HOST=client': {
    input: 'node lab/node/udp-client.ts 10.0.0.2 9000 HELLO\n',
    prints: [/^You are on client, 10\.0\.0\.1;/m, /^packet-received: bytes=5 from=10\.0\.0\.2:9000$/m],
  },
  'make report RUN=traces/reference/linux-6.18-root': { prints: [/^129 met, 0 unmet, 4 unobserved$/m] },
  'make report ARGS=--answers': { prints: [/None\. connect\(2\) only writes the two addresses/] },
  "make lab ARGS='--programs my-lab'": {
    before: `cp -r lab my-lab && sed -i '${bindsFirst}' my-lab/libc/udp-client.ts`,
    bounded: "make lab LESSON=dial ARGS='--programs my-lab --traces my-traces'",
    exitCode: 2,
    prints: [/^✘ unmet +both-connect +UDP libc/m],
  },
  'make reference-kernel': {
    bounded: 'make reference-kernel ARGS=--help',
    prints: [/^echolab reference-kernel/m],
  },
  'make doctor': { prints: [/^✔ strace /m] },
  'make image': compose,
  'make bench': { bounded: 'make bench ARGS=--help', prints: [/^make bench/m] },
  'make test TEST=scripts/parse/pcap.test.ts': { prints: [/Tests .*4 passed/] },
  'make fresh': { bounded: 'make fresh ARGS=--help', prints: [/^echolab fresh/m] },
  'make clean': {
    before: `mkdir -p traces/local/${old} && make clean | grep '^removed the unfinished run ${old}$'`,
    prints: [/^nothing to clean: /m],
  },
  ...reads(`${latest}/imprecise.txt`, /^Where the article is imprecise$/m),
  ...reads(`${latest}/functions.txt`, /udp_connect/),
  ...reads(`${latest}/runtimes.txt`, /connect/),

  "make run FILE=lab/node/udp-server.ts ARGS='127.0.0.1 9000'": byHand,
  "make run FILE=lab/node/udp-client.ts ARGS='127.0.0.1 9000 HELLO'": byHand,
  'diff lab/node/tcp-server.ts lab/node/udp-server.ts': { exitCode: 1, prints: [/^> .*createSocket/m] },

  "make lab LESSON=knock ARGS='--lessons ~/my-lessons --answers'": { elsewhere: 'lesson.live.test.ts' },

  ...reads(`${latest}/dial/node-tcp/client.annotated.log`, /^client\.strace of node-tcp: /m),
  [`wireshark ${capture}`]: {
    // The section header block of pcapng begins so; what Wireshark reads in it, render/files/pcapng.test.ts asks tshark.
    bounded: `od -A n -t x1 -N 4 ${capture}`,
    prints: [/^ 0a 0d 0d 0a$/m],
  },
  "make report ARGS='--format pcapng,log'": { prints: [/^ +dial\/node-tcp\/capture\.pcapng /m] },
  "make report ARGS='--format log --unfold'": { prints: [/client\.annotated\.log /] },

  'make report RUN=traces/reference/linux-6.1-stock LESSON=dial': {
    bounded: "make report RUN=traces/reference/linux-6.1-stock LESSON=dial ARGS='--format functions'",
    prints: [/^\d+ met, 0 unmet, 0 unobserved$/m],
  },
  ...reads('traces/reference/linux-6.1-stock/functions.txt', /ip4_datagram_connect/),

  'npx echolab lab --lesson dial': { bounded: 'npx echolab report --lesson dial --format verdicts' },

  [`${inDocker} up --detach --build`]: compose,
  [`${inDocker} exec server node lab/node/udp-server.ts 10.0.0.2 9000`]: compose,
  [`${inDocker} exec client strace -f -e trace=network node lab/node/udp-client.ts 10.0.0.2 9000 HELLO`]:
    compose,
  [`${inDocker} exec client-recorder tcpdump -Z root -n -i eth0`]: compose,
  [`${inDocker} down`]: compose,
};

/** Those that stand within a sentence, but for a verb of make alone. */
export const inProse: Readonly<Record<string, Typed | Elsewhere>> = {
  'node lab/node/udp-client.ts 10.0.0.2 9000 HELLO': { elsewhere: 'here: make shell HOST=client' },
  'diff lab/node/udp-client.ts lab/libc/udp-client.ts': { exitCode: 1, prints: [/^> .*libc\.connect\(/m] },
};
