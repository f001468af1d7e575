/** Trials for `make doctor`: each does in a short-lived container what the lab would do in a long-lived one. */
import { tryTracefs } from '../record/kernel-check.ts';
import { nfLogFile } from '../record/nf-log.ts';
import { programUser, runArgs, type Role } from './docker-container.ts';
import { kernelLogRole, nfLogRole } from './docker-kernel-log.ts';
import { openDockerTracefs } from './docker-tracefs.ts';
import { docker, isObstacle } from './engine.ts';
import type { Obstacle } from './host.ts';

export interface Finding {
  /** What was looked at: `engine`, `ptrace`. */
  readonly name: string;
  /** What is there, in a few words. */
  readonly found: string;
  /** What stands in the way; absent: nothing. */
  readonly obstacle?: Obstacle;
  /** True: without it the lab runs, and a recorder is replaced or missing. */
  readonly optional?: boolean;
}

interface Trial {
  readonly name: string;
  readonly role: Role;
  readonly script: string;
  readonly works: string;
  readonly obstacle: Omit<Obstacle, 'why'>;
  readonly optional?: boolean;
}

/** Does it in a container of the role that needs it. */
async function attempt(
  { name, role, script, works, obstacle, optional = false }: Trial,
  image: string,
  tag: string,
): Promise<Finding> {
  const args = runArgs(`echolab-${tag}-doctor-${name.replaceAll(' ', '-')}`, role, image, tag);
  const { failed, complaint } = await docker([...args, 'sh', '-ec', script], { timeoutMs: 20_000 });
  if (!failed) return { name, found: works };
  return { name, found: 'refused', obstacle: { ...obstacle, why: complaint }, optional };
}

const bare: Role = { user: programUser, capabilities: [], network: 'none', more: [] };

export const tracing = (image: string, tag: string): Promise<Finding> =>
  attempt(
    {
      ...{ name: 'ptrace', role: bare, works: 'strace traces a program without any capability' },
      script: 'strace -f --seccomp-bpf -e trace=%network -o /dev/null true',
      obstacle: {
        what: 'strace cannot trace a program in a container',
        mend: 'an engine whose seccomp profile allows ptrace(2): 19.03 or newer on Linux 4.8 or newer',
      },
    },
    image,
    tag,
  );

export const rules = (image: string, tag: string): Promise<Finding> =>
  attempt(
    {
      ...{ name: 'netfilter', works: 'LOG and NFLOG rules can be made with NET_ADMIN' },
      role: { ...bare, user: '0:0', capabilities: ['NET_ADMIN', 'NET_RAW'], more: ['--tmpfs', '/run'] },
      script: 'iptables -A INPUT -j LOG; iptables -A INPUT -j NFLOG',
      obstacle: {
        what: 'no netfilter rule can be made in a container',
        mend: 'load the kernel modules on the engine’s machine: modprobe -a xt_LOG xt_NFLOG nf_log_syslog nfnetlink_log',
      },
    },
    image,
    tag,
  );

export const kernelLog = (image: string, tag: string): Promise<Finding> =>
  attempt(
    {
      ...{
        name: 'kernel log',
        role: kernelLogRole,
        works: 'a container with SYSLOG reads it',
        optional: true,
      },
      script: 'dd if=/dev/kmsg bs=8192 count=1 status=none >/dev/null',
      obstacle: {
        what: 'the kernel log cannot be read through this engine: NFLOG takes the place of LOG',
        mend: 'an engine of root’s on this machine, not rootless, not Docker Desktop',
      },
    },
    image,
    tag,
  );

/** Tried as the lab would use it. */
export async function kernelTracer(image: string, tag: string): Promise<Finding> {
  const about = { name: 'kernel tracer', optional: true };
  const tracefs = await openDockerTracefs(image, tag);
  if (isObstacle(tracefs)) return { ...about, found: 'refused', obstacle: tracefs };
  await using _ = tracefs;
  const { fine, obstacle } = await tryTracefs(tracefs);
  return { ...about, found: fine, ...(obstacle && { obstacle }) };
}

/** Opened for writing, nothing is written. */
export const nfLogSwitch = (image: string, tag: string): Promise<Finding> =>
  attempt(
    {
      ...{
        name: 'nf_log_all_netns',
        role: nfLogRole,
        works: 'a container with the machine’s network may set it',
      },
      script: ': >>/run/nf_log_all_netns',
      optional: true,
      obstacle: {
        what: `${nfLogFile} cannot be set through this engine: NFLOG takes the place of LOG`,
        mend: 'an engine of root’s on this machine, not rootless, not Docker Desktop',
      },
    },
    image,
    tag,
  );
