/**
 * Traces real programs of this machine, each with several sets of options, and holds what was read against strace's
 * own table (-C). STRACE names another strace than the one in PATH.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import {
  createReader,
  createSummary,
  printValue,
  type Call,
  type StraceEvent,
  type Summary,
} from './index.ts';

const strace = process.env['STRACE'] ?? 'strace';
const version = /version (\d+)/.exec(spawnSync(strace, ['-V'], { encoding: 'utf8' }).stdout ?? '')?.[1];
const folder = mkdtempSync(join(tmpdir(), 'strace-parser-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/**
 * The interpreter itself: where `python3` is a version manager's shell script, its dozens of processes would be traced
 * before Python begins. Without site (-S) for the same reason: with -k each call is a walk through the stack.
 */
const python = `${spawnSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).stdout?.trim() || 'python3'} -I -S`;

const programs: Readonly<Record<string, string>> = {
  ls: 'ls -l /etc /nonexistent',
  cat: 'cat /etc/passwd',
  true: 'true',
  echo: 'echo hello',
  find: 'find /etc -maxdepth 2 -newer /etc/passwd',
  grep: 'grep -r root /etc/passwd /etc/group',
  sed: 'sed s/root/x/ /etc/passwd',
  awk: "awk -F: '{print $1}' /etc/passwd",
  sort: 'sort /etc/passwd',
  uniq: 'uniq /etc/group',
  wc: 'wc /etc/passwd',
  head: 'head -3 /etc/passwd',
  tail: 'tail -3 /etc/passwd',
  cut: 'cut -d: -f1 /etc/passwd',
  tr: 'tr a-z A-Z </etc/hostname',
  du: 'du -s /etc/apt',
  df: 'df /',
  stat: 'stat /etc/passwd /dev/null /dev/pts',
  touch:
    'touch $D/touched; chmod 600 $D/touched; ln -sf touched $D/link; readlink $D/link; mv $D/touched $D/moved; rm $D/moved',
  cp: 'cp /etc/passwd $D/copy',
  mkdir: 'mkdir -p $D/a/b; rmdir $D/a/b; chown 0:0 $D/a',
  dd: 'dd if=/dev/zero of=$D/zeros bs=4k count=4',
  tar: 'tar -C /etc -cf $D/etc.tar apt && tar -tf $D/etc.tar',
  gzip: 'gzip -c /etc/passwd | gunzip | md5sum',
  date: 'date; id; uname -a; hostname',
  env: 'env -i printenv; nice -n 1 true; nohup true',
  ps: 'ps ax; uptime; free',
  mount: 'mount; cat /proc/self/status',
  bash: "bash -c 'for n in 1 2 3; do (echo $n; exit $n) & done; wait; exec 3<>/dev/null'",
  'bash-socket': "bash -c 'exec 3<>/dev/tcp/127.0.0.1/9' ; true",
  dash: "sh -c 'kill -TERM $$'",
  segv: "sh -c 'kill -SEGV $$'",
  trap: "bash -c 'trap : USR1; kill -USR1 $$; sleep 0.01'",
  timeout: 'timeout 0.05 sleep 5',
  stop: "bash -c 'sleep 0.2 & kill -STOP $!; sleep 0.02; kill -CONT $!; wait'",
  perl: "perl -e 'use Socket; socketpair(A,B,AF_UNIX,SOCK_STREAM,0); print A 1; my @l = <*>; select undef,undef,undef,.01'",
  'perl-tcp': `perl -MIO::Socket::INET -e '$s=IO::Socket::INET->new(Listen=>1,LocalAddr=>"127.0.0.1") or die; $c=IO::Socket::INET->new(PeerAddr=>"127.0.0.1",PeerPort=>$s->sockport); $a=$s->accept; print $c "hi\\n"; close $c; print <$a>'`,
  'perl-signals': `perl -e '$SIG{ALRM}=sub{}; alarm 0; use Time::HiRes qw(ualarm); ualarm 10000; select undef,undef,undef,.1; fork or kill 9,$$; wait'`,
  python: `${python} -c 'import socket,threading; s=socket.socket(); s.bind(("127.0.0.1",0)); t=[threading.Thread(target=s.getsockname) for _ in range(4)]; [x.start() for x in t]; [x.join() for x in t]'`,
  'python-udp': `${python} -c 'import socket; s=socket.socket(socket.AF_INET6,socket.SOCK_DGRAM); s.bind(("::1",0)); s.sendto(b"\\") = 1 <0.1>\\n",s.getsockname()); print(s.recvfrom(9))'`,
  'python-exec': `${python} -c 'import os,threading,time; threading.Thread(target=lambda: os.execvp("true",["true"])).start(); time.sleep(1)'`,
  node: `node -e 'require("fs").readFileSync("/etc/passwd"); require("net").createServer().listen(0,function(){this.close()})'`,
  git: 'git --version; git -C / status',
  gcc: 'gcc --version',
  ldd: 'ldd /bin/ls',
  xargs: 'echo 1 2 3 | xargs -n1 -P3 echo',
  ip: 'ip address; ip route; getent hosts localhost',
  flock: 'flock $D/lock true; mktemp -u; tty; sync $D',
  setsid: 'setsid true; unshare -U true; chroot / true',
};

const sets: Readonly<Record<string, readonly string[]>> = {
  'f ttt T yy': ['-f', '-ttt', '-T', '-yy'],
  'f tt r T n i': ['-f', '-tt', '-r', '-T', '-n', '-i'],
  'f Y t x s256': ['-f', '-Y', '-t', '-x', '-s', '256'],
  'f v X ns': [
    '-f',
    '-v',
    '-X',
    'verbose',
    '--absolute-timestamps=format:unix,precision:ns',
    '--syscall-times=ns',
  ],
  'f raw pidns xx': ['-f', '-X', 'raw', '--decode-pids=pidns', '-xx', '-r'],
  'f dumps ms': ['-f', '-e', 'read=all', '-e', 'write=all', '-ttt', '--relative-timestamps=ms'],
  'f k': ['-f', '-k', '-e', 'trace=%file,%process'],
  'f decode us': [
    '-f',
    '--decode-fds=all',
    '--decode-pids=comm,pidns',
    '--absolute-timestamps=format:time,precision:ms',
    '--relative-timestamps=us',
    '--syscall-times=ms',
  ],
  alone: ['-q'],
  ...(version === '7'
    ? { 'N color always': ['-N', '-f', '--color=always', '--always-show-pid', '-Y', '-yy'] }
    : {}),
};

/** Each program with one of the sets, in turn; COVERAGE=all takes all of them (minutes). */
function programsFor(set: string): [string, string][] {
  const names = Object.keys(sets);
  return Object.entries(programs).filter(
    (_, n) => process.env['COVERAGE'] === 'all' || names[n % names.length] === set,
  );
}

interface Recorded {
  readonly events: StraceEvent[];
  readonly summary: Summary;
  /** Why strace died before it wrote its table. */
  readonly death: string | undefined;
}

/** strace 6.1 with -k, where a thread that is not the leader calls execve(2): unwind.c of strace gives up. */
const death = /^strace: walk: cannot initialize libunwind.*$/m;

function record(name: string, command: string, options: readonly string[]): Recorded {
  const file = join(folder, name.replaceAll(/\W/g, '-'));
  const shell = ['sh', '-c', command.replaceAll('$D', folder)];
  const { error, stderr } = spawnSync(strace, ['-C', ...options, '-o', file, ...shell], {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 1e8,
    timeout: 60_000,
  });
  if (error !== undefined) throw error;
  const reader = createReader();
  const events = [...reader.read(new Uint8Array(readFileSync(file))), ...reader.end()];
  const summary = createSummary();
  for (const event of events) summary.add(event);
  return { events, summary: summary.result(reader.lineCount()), death: death.exec(stderr)?.[0] };
}

/** strace's own counts, and ours by its rule: restarts are calls and errors too. */
function countsOf(events: readonly StraceEvent[]): { theirs: object; ours: object } {
  /** One table for each personality: a 32-bit program has one of its own. */
  const table = new Map<string, { calls: number; errors: number }>();
  for (const event of events) {
    if (event.kind !== 'diagnostic' || event.about !== 'table') continue;
    for (const { syscall: name = '', calls: more = 0, errors = 0 } of event.rows ?? []) {
      if (name === 'total') continue;
      const before = table.get(name) ?? { calls: 0, errors: 0 };
      table.set(name, { calls: before.calls + Number(more), errors: before.errors + Number(errors) });
    }
  }
  const calls = new Map<string, { calls: number; errors: number }>();
  for (const call of events) {
    if (call.kind !== 'call' || call.returned === undefined) continue;
    const { value, errno } = call.returned;
    if (value === undefined && errno === undefined) continue;
    const count = calls.get(call.name) ?? { calls: 0, errors: 0 };
    count.calls++;
    if (errno !== undefined) count.errors++;
    calls.set(call.name, count);
  }
  return { theirs: Object.fromEntries(table), ours: Object.fromEntries(calls) };
}

/** The places where printing a call's arguments does not give the bytes that were read. */
function misprints(call: Call): string[] {
  const wrong: string[] = [];
  let end = 0;
  for (const [n, value] of call.args.entries()) {
    if (call.argsText.slice(end, value.start) !== (n > 0 ? ', ' : '')) wrong.push(call.argsText);
    if (printValue(value) !== call.argsText.slice(value.start, value.end)) wrong.push(printValue(value));
    end = value.end;
  }
  const rest = call.argsText.slice(end);
  if (rest !== '' && !(rest === ', ' && call.returned?.value === undefined)) wrong.push(rest);
  return wrong;
}

describe.skipIf(version === undefined)(`strace ${version ?? 'is not installed: nothing to record'}`, () => {
  describe.each(Object.entries(sets))('-%s', (set, options) => {
    test.for(programsFor(set))('%s', { timeout: 120_000 }, ([name, command], { skip }) => {
      const { events, summary, death: reason } = record(`${set} ${name}`, command, options);
      expect(events.filter((event) => event.kind === 'problem')).toEqual([]);
      expect(summary.unread).toBe(0);
      expect(events.flatMap((event) => (event.kind === 'call' ? misprints(event) : []))).toEqual([]);
      if (reason !== undefined) skip(`no table to compare with: ${reason}`);
      const { theirs, ours } = countsOf(events);
      expect(ours).toEqual(theirs);
    });
  });
});
