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

/**
 * The words before the program's. `--seccomp-bpf`: only the traced calls stop the program, which makes its start
 * twice as fast.
 *
 * @param more calls to trace beside those of every lesson
 */
export const straceArgv = (log: string, more: readonly string[]): string[] => [
  ...['strace', '-f', '--absolute-timestamps=format:unix,precision:ns', '--syscall-times=ns'],
  ...['-yy', '-s', '65535', '--seccomp-bpf', '-e', `trace=${[...always, ...more].join(',')}`, '-o', log],
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
