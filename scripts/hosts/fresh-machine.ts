/**
 * A Debian without history, for trying the project on: its files lie in memory, its processes live in process and mount
 * namespaces of their own. The kernel, the devices and the network are this machine's. What it mounts and starts goes
 * with the process that made it, however that ends.
 */
import { execa } from 'execa';
import { mkdir, readFile } from 'node:fs/promises';
import { nfLogFolder } from '../record/nf-log.ts';

/** Variables that lead to the network. */
const networkVariables = ['http_proxy', 'https_proxy', 'no_proxy', 'NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE'];

/** An empty tree in memory. To be called in a mount namespace of one's own. */
export async function openTree(folder: string): Promise<AsyncDisposable> {
  await mkdir(folder, { recursive: true });
  await execa('mount', ['--no-mtab', '-t', 'tmpfs', '-o', 'size=6g,mode=755', 'fresh', folder]);
  return {
    async [Symbol.asyncDispose]() {
      await execa('umount', ['--no-mtab', '--lazy', folder], { reject: false });
    },
  };
}

/**
 * pivot_root(2), as the kernel refuses user namespaces to what chroot(2) confines. /sys without what is mounted in it:
 * a fresh machine has no tracefs there. The lock of the switch for LOG is shared by all labs of the kernel. The shell
 * stays as process 1, which waits for whatever loses its parent. --no-mtab: mount(8) would make /run/mount on this machine.
 */
const enterTree = `
log=$1 tree=$2 user=$3 command=$4 environment=$5
exec >>"$log" 2>&1 </dev/null
cd "$tree"
mount --no-mtab -t proc proc proc
mount --no-mtab --bind /sys sys
mount --no-mtab --bind /dev dev
mount --no-mtab -t devpts -o newinstance,ptmxmode=0666,mode=0620,gid=5 devpts dev/pts
mount --no-mtab -t tmpfs -o mode=1777 shm dev/shm
mount --no-mtab -t tmpfs -o mode=755 run run
mkdir -p run/lock run${nfLogFolder.slice('/run'.length)}
chmod 1777 run/lock
mount --no-mtab --bind ${nfLogFolder} run${nfLogFolder.slice('/run'.length)}
mkdir -p .machine
pivot_root . .machine
cd /
umount --no-mtab --lazy /.machine
rmdir /.machine
set +e
su --login --whitelist-environment="$environment" --command "$command" "$user"
exit $?`;

export interface Ended {
  /** Undefined where it was killed, for it took too long. */
  readonly exitCode: number | undefined;
  readonly seconds: number;
  readonly output: string;
}

/** Runs a command line of sh(1) on the machine, as a user who has just logged in. Somebody keeps the lock's folder (nf-log.ts). @param log a file for what it prints */
export async function runOn(
  tree: string,
  { user, command, log, limitMs }: { user: string; command: string; log: string; limitMs: number },
): Promise<Ended> {
  const begun = performance.now();
  const own = ['--mount', '--pid', '--fork', '--kill-child'];
  const script = ['sh', '-euc', enterTree, 'sh', log, tree, user, command, networkVariables.join(',')];
  const { exitCode, timedOut } = await execa('unshare', [...own, ...script], {
    stdin: 'ignore',
    detached: true, // a signal to a process group there must not reach this one's
    timeout: limitMs,
    killSignal: 'SIGKILL',
    reject: false,
  });
  return {
    exitCode: timedOut ? undefined : exitCode,
    seconds: (performance.now() - begun) / 1000,
    output: await readFile(log, 'utf8').catch(() => ''),
  };
}
