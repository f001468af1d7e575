/**
 * The 120 calls most common in real logs, each with a recorded line of its own and the sentence on it (golden).
 *
 * Counted on Debian 12 in the logs that `strace -f -yy -s 256` wrote of 88 ordinary runs of programs (ls, cp, find, grep, sed,
 * tar, gzip, git, bash, python3, node, perl, sqlite3, apt-cache, dpkg, ps, df, ip, ss, gcc, vim, curl, wget, dig, …): 70,563
 * calls of 136 names, in order of how many of the programs make them, then how often.
 */
import { readFileSync } from 'node:fs';
import { parseStrace, type Call } from 'strace-parser';
import { expect, test } from 'vitest';
import { callNames, explainCall, unexplained } from './explain-call.ts';

const common = `
openat newfstatat close mmap read mprotect brk execve access pread64 munmap set_robust_list prlimit64 getrandom
rseq exit_group arch_prctl set_tid_address futex write lseek ioctl rt_sigaction fcntl geteuid getuid rt_sigprocmask
getdents64 getpid getgid socket readlink sysinfo getegid wait4 connect pipe2 statfs clone getcwd uname dup2 getppid
rt_sigreturn chdir unlink umask getpgrp setsockopt prctl rename poll fadvise64 getpeername sched_getaffinity mkdir
faccessat2 getsockname epoll_create1 dup utimensat madvise fstatfs gettid chmod clone3 exit vfork fchown kill
sendto bind clock_nanosleep epoll_ctl recvmsg link copy_file_range recvfrom fchmod statx fchdir eventfd2 getsockopt
sigaltstack socketpair getxattr fstat capget epoll_pwait fdatasync mremap epoll_wait pselect6 set_mempolicy flock
sendmsg setitimer unlinkat fchownat fsync get_mempolicy mkdirat pkey_alloc sched_yield symlink lgetxattr pwrite64
seccomp stat writev close_range getgroups getrusage open sendmmsg creat dup3 fchmodat fgetxattr fsetxattr
`
  .trim()
  .split(/\s+/);

const fixture = readFileSync(new URL('fixtures/common-calls.strace', import.meta.url));
const calls = parseStrace(fixture).filter((event): event is Call => event.kind === 'call');

test('each has an entry of its own', () => {
  expect(new Set(common).size).toBe(120);
  expect(common.filter((name) => !callNames.has(name))).toEqual([]);
});

test('each is recorded, and no word of its line is without an explanation', () => {
  expect(new Set(calls.map(({ name }) => name))).toEqual(new Set(common));
  expect(calls.flatMap((call) => unexplained(call).map((word) => `${call.name}: ${word}`))).toEqual([]);
});

test('sentences', async () => {
  const text = calls.map((call) => {
    const { text, source } = explainCall(call);
    return `${call.name}  ${text} [${source}]\n`;
  });
  await expect(text.join('')).toMatchFileSnapshot('fixtures/common-calls.txt');
});
