/**
 * The switch that lets LOG rules of other network namespaces write into the kernel's log:
 * /proc/sys/net/netfilter/nf_log_all_netns. There is one for the whole machine, so all labs share it: each holds a
 * shared lock while it records; the last one out, who gets the lock for itself, puts the old value back. A lab that
 * was killed leaves the old value beside the lock, and the next lab (or `make clean`) puts it back.
 */
import { execa } from 'execa';
import { access, constants } from 'node:fs/promises';
import type { Obstacle } from '../hosts/host.ts';

const file = '/proc/sys/net/netfilter/nf_log_all_netns';
const folder = '/run/echolab';
const lock = `${folder}/nf_log_all_netns.lock`;
const saved = `${folder}/nf_log_all_netns.was`;

export async function checkNfLog(): Promise<Obstacle | undefined> {
  const why = await access(file, constants.W_OK).then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  return why === undefined
    ? undefined
    : {
        what: 'LOG rules of other network namespaces cannot be switched on',
        why,
        mend: 'run as root in the machine’s own network namespace; until then NFLOG takes the place of LOG',
      };
}

/** Takes the shared lock and switches logging on; disposal gives both back. */
export async function holdNfLog(): Promise<AsyncDisposable> {
  // `ln` makes the saved value exist at once and only once; whoever comes second finds it there.
  const begin = `
mkdir -p ${folder}
cat ${file} >${saved}.$$; ln -T ${saved}.$$ ${saved} 2>/dev/null || true; rm -f ${saved}.$$
echo 1 >${file}
echo held
exec cat >/dev/null`;
  await execa('mkdir', ['-p', folder]);
  // The lock lives as long as this process does: it is held by a child that lives on our pipe.
  const holder = execa('flock', ['--shared', lock, 'sh', '-ec', begin], {
    buffer: false,
    reject: false,
    stdin: 'pipe',
  });
  await new Promise<void>((resolve, reject) => {
    holder.stdout.on('data', () => resolve());
    void holder.then(({ stderr }) => reject(new Error(`flock ${lock} failed: ${String(stderr)}`)));
  });
  return {
    async [Symbol.asyncDispose]() {
      holder.stdin.end();
      await holder;
      await restoreNfLog();
    },
  };
}

/** Puts the old value back if no lab is recording. */
export async function restoreNfLog(): Promise<void> {
  const restore = `if [ -f ${saved} ]; then cat ${saved} >${file} && rm -f ${saved}; fi`;
  await execa(
    'sh',
    ['-c', `[ -e ${lock} ] || exit 0; exec flock --exclusive --nonblock ${lock} sh -c '${restore}'`],
    {
      reject: false,
    },
  );
}
