/**
 * strace(1) around a program. The log goes to the host's scratch folder and is taken from there at the end.
 */
import { execa } from 'execa';
import type { Obstacle } from '../hosts/host.ts';

/**
 * What every lesson traces: the network calls, the read and write families, and what waits for sockets or changes
 * them. `?`: not every architecture has each. futex and mmap, most of the noise, are left out.
 */
const always = [
  '%network',
  ...['read', 'readv', 'write', 'writev', 'close', 'fcntl', 'ioctl', 'execve'],
  ...[
    '?poll',
    'ppoll',
    '?select',
    'pselect6',
    'epoll_ctl',
    '?epoll_wait',
    'epoll_pwait',
    '?dup2',
    'dup3',
    'dup',
  ],
];

const stamps = ['--absolute-timestamps=format:unix,precision:ns', '--syscall-times=ns'];

/**
 * The words before the program's. `--seccomp-bpf`: only the traced calls stop the program, which makes its start
 * twice as fast.
 *
 * @param more calls to trace beside those of every lesson
 */
export const straceArgv = (log: string, more: readonly string[]): string[] => [
  ...['strace', '-f', ...stamps],
  ...['-yy', '-s', '65535', '--seccomp-bpf', '-e', `trace=${[...always, ...more].join(',')}`, '-o', log],
];

/** The calls that are steps of the sockets API, but for read(2), write(2) and close(2), which are not the sockets' alone. */
const steps = [
  ...['socket', 'bind', 'listen', 'connect', '?accept', 'accept4', 'shutdown'],
  ...['sendto', 'sendmsg', 'sendmmsg', 'recvfrom', 'recvmsg', 'recvmmsg'],
];

/**
 * The same for a scene with stacks: `-k` walks the program's stack at every traced call, so that few may be traced. (Node's
 * own reads and writes are thousands where it also says what its functions are called, see user-stacks.ts.)
 */
export const stacksArgv = (log: string, more: readonly string[], walk: boolean): string[] => [
  ...['strace', ...(walk ? ['-k'] : []), '-f', ...stamps],
  ...['-yy', '-s', '65535', '--seccomp-bpf', '-e', `trace=${[...steps, ...more].join(',')}`, '-o', log],
];

/** Containers and hardened machines may forbid ptrace(2) while strace is there. */
export async function checkStrace(): Promise<Obstacle | undefined> {
  const { failed, stderr } = await execa('strace', ['-f', '--seccomp-bpf', '-o', '/dev/null', 'true'], {
    reject: false,
  });
  if (!failed) return undefined;
  return {
    what: 'strace cannot trace a program here',
    why: stderr.trim().split('\n')[0] ?? 'it said nothing',
    mend: 'allow ptrace(2): a container needs a seccomp profile with ptrace, a machine kernel.yama.ptrace_scope < 3',
  };
}
