/**
 * The kernel's log of the engine's machine, through a container that may read it (SYSLOG) and do nothing else.
 *
 * dd copies /dev/kmsg record by record and goes on after a loss (EPIPE), which cat does not. The marks that tie the
 * log's clock to CLOCK_REALTIME are written there, between two readings of that machine's clock: the clock of
 * strace and tcpdump, also where the engine is far away.
 */
import { execa } from 'execa';
import { rmdir } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { holdNfLog, nfLogFile, nfLogFolder } from '../record/nf-log.ts';
import { runArgs, type Role } from './docker-container.ts';
import { lastLine } from './engine.ts';
import type { KernelRing, Obstacle } from './host.ts';

/** Uid 0, because without it a container's process has no capability; SYSLOG, because dmesg_restrict is usual. */
export const kernelLogRole: Role = {
  user: '0:0',
  capabilities: ['SYSLOG'],
  network: 'none',
  more: ['--device', '/dev/kmsg:/dev/kmsg:rw'],
};

const switchInside = '/run/nf_log_all_netns';

/**
 * The switch belongs to the machine's network, so the container has that network, but no capability: it may write
 * the one file because uid 0 owns it. The lock is that of all labs on the engine's machine.
 */
export const nfLogRole: Role = {
  user: '0:0',
  capabilities: [],
  network: 'host',
  more: [
    ...['--volume', `${nfLogFolder}:${nfLogFolder}`],
    ...['--mount', `type=bind,source=${nfLogFile},target=${switchInside}`],
  ],
};

const follow = `
dd if=/dev/kmsg bs=8192 conv=noerror status=none &
echo ready >&2
while read -r name; do
  exec 3>/dev/kmsg # the kernel limits the rate per open file
  before=$EPOCHREALTIME
  echo "<7>echolab clock $name" >&3
  after=$EPOCHREALTIME
  exec 3>&-
  echo "mark $name $before $after" >&2
done`;

/** Switches LOG on and reads the log; where the engine refuses either, says so: NFLOG takes over. */
export async function openKernelRing(image: string, tag: string): Promise<KernelRing | Obstacle> {
  await using stack = new AsyncDisposableStack();
  const name = `echolab-${tag}`;
  const hold = (script: string) => [
    'docker',
    ...runArgs(`${name}-nf-log`, nfLogRole, image, tag),
    'sh',
    '-ec',
    script,
  ];
  const [held, ring] = await Promise.allSettled([
    holdNfLog((script) => hold(script(switchInside))).then((holder) => stack.use(holder)),
    openRing(runArgs(`${name}-kernel-log`, kernelLogRole, image, tag)).then((opened) => stack.use(opened)),
  ]);
  if (held.status === 'rejected')
    return refused('LOG rules cannot be switched on through this engine', held.reason);
  if (ring.status === 'rejected')
    return refused('the kernel log cannot be read through this engine', ring.reason);
  const kept = stack.move();
  return {
    ...ring.value,
    async [Symbol.asyncDispose]() {
      await kept.disposeAsync();
      // The engine has made it, on its machine; if that is another one, or others use it, it stays.
      await rmdir(nfLogFolder).catch(() => undefined);
    },
  };
}

const refused = (what: string, reason: unknown): Obstacle => ({
  what,
  why: lastLine(reason instanceof Error ? reason.message : String(reason)),
  mend: 'an engine of root’s on this machine can; until then NFLOG takes the place of LOG',
});

async function openRing(run: string[]): Promise<KernelRing> {
  const container = execa('docker', [...run, 'bash', '--noprofile', '--norc', '-c', follow], {
    ...{ buffer: false, reject: false, stdin: 'pipe' },
  });
  container.stdin.on('error', () => undefined); // EPIPE: its end is told below
  let said = '';
  const marks = new Map<string, (times: { before: bigint; after: bigint }) => void>();
  const ready = new Promise<void>((resolve, reject) => {
    createInterface({ input: container.stderr }).on('line', (line) => {
      said = `${said}\n${line}`.slice(-4096);
      if (line === 'ready') resolve();
      const [word, mark = '', before = '', after = ''] = line.split(' ');
      if (word === 'mark') marks.get(mark)?.({ before: epochNs(before), after: epochNs(after) + 999n });
    });
    void container.then(() => reject(new Error(said)));
  });
  await ready;
  return {
    follow(take) {
      let part = '';
      container.stdout.setEncoding('latin1').on('data', (text: string) => {
        const lines = (part + text).split('\n');
        part = lines.pop() ?? '';
        // A line that begins with a blank belongs to a device's record.
        for (const line of lines) if (!line.startsWith(' ')) take(line);
      });
    },
    drain: () => undefined,
    mark: (mark) =>
      new Promise((resolve) => {
        marks.set(mark, resolve);
        container.stdin.write(`${mark}\n`);
      }),
    async [Symbol.asyncDispose]() {
      container.stdin.end();
      await container;
    },
  };
}

/** bash's EPOCHREALTIME: seconds with six decimals. */
const epochNs = (text: string): bigint => BigInt(text.replace(/[.,]/, '')) * 1000n;
