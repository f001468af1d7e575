/**
 * The switch that lets LOG rules of other network namespaces write into the kernel's log:
 * /proc/sys/net/netfilter/nf_log_all_netns. There is one for the whole machine, so all labs share it: each holds a
 * shared lock while it records; the last one out, who gets the lock for itself, puts the old value back. A lab that
 * was killed leaves the old value beside the lock, and the next lab (or `make clean`) puts it back.
 */
import { execa } from 'execa';
import { once } from 'node:events';
import { access, constants } from 'node:fs/promises';
import type { Obstacle } from '../hosts/host.ts';

export const nfLogFile = '/proc/sys/net/netfilter/nf_log_all_netns';
export const nfLogFolder = '/run/echolab';
export const nfLogLock = `${nfLogFolder}/nf_log_all_netns.lock`;
const saved = `${nfLogFolder}/nf_log_all_netns.was`;

export async function checkNfLog(): Promise<Obstacle | undefined> {
  const why = await access(nfLogFile, constants.W_OK).then(
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

/**
 * Shell functions of holder and restorer. The last one out also removes lock and folder. Whoever has opened the lock
 * by then holds a file that nobody else will find any more, and so opens it again.
 */
const functions = (file: string) => `
current() { [ "$(stat -Lc %i /proc/self/fd/9)" = "$(stat -c %i ${nfLogLock} 2>/dev/null)" ]; }
open() { # gives fd 9, locked in the way that is said, on the file that everybody else locks
  for try in 1 2 3 4 5 6 7 8 9 10; do
    mkdir -p ${nfLogFolder} || return
    { command exec 9>${nfLogLock}; } 2>/dev/null || continue # the folder has just been removed
    flock "$@" 9 || return
    ! current || return 0
  done
  echo ${nfLogLock} vanishes again and again >&2
  return 1
}
restore() { # the lock is ours alone
  if [ -f ${saved} ]; then cat ${saved} >${file}; rm -f ${saved}; fi
  rm -f ${nfLogLock} ${saved}.* # of holders that were killed
  rmdir ${nfLogFolder} 2>/dev/null || true # in a container it is a mount point
}`;

/** Takes the lock, switches logging on, gives both back when its standard input ends. @param file the switch */
const hold = (file: string) => `
trap '' INT # Ctrl-C reaches this too: it must live to put the value back
${functions(file)}
open --shared
was=$(mktemp ${saved}.XXXXXX)
cat ${file} >$was
ln -T $was ${saved} 2>/dev/null || true # makes the saved value exist at once and only once
rm -f $was
echo 1 >${file}
echo held
cat >/dev/null
flock --unlock 9
if flock --exclusive --nonblock 9 && current; then restore; fi`;

/**
 * Holds the switch until disposal. The lock lives as long as its holder does, who lives on our pipe: it is
 * given back however this process ends.
 *
 * @param place gives the command line that runs the script, where it can write the switch
 */
export async function holdNfLog(
  place: (script: (file: string) => string) => string[] = (script) => ['sh', '-ec', script(nfLogFile)],
): Promise<AsyncDisposable> {
  const [command = '', ...args] = place(hold);
  const holder = execa(command, args, { buffer: false, reject: false, stdin: 'pipe' });
  let said = '';
  holder.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  holder.stdin.on('error', () => undefined); // EPIPE: its end is told below
  await new Promise<void>((resolve, reject) => {
    holder.stdout.on('data', () => resolve());
    void holder.then(() => reject(new Error(said.trim() || `${command} ended`)));
  });
  return {
    async [Symbol.asyncDispose]() {
      holder.stdin.end();
      await holder;
    },
  };
}

/**
 * Keeps the folder of the lock where it is until disposal, for labs that see it at another place: it would be taken away
 * under them. The file that keeps it is locked, in whatever namespace: what is not has been left by somebody who was killed.
 */
export async function keepNfLogFolder(): Promise<AsyncDisposable> {
  const keeper = execa('sh', ['-euc', keepFolder], { buffer: false, reject: false, stdin: 'pipe' });
  await Promise.race([
    once(keeper.stdout, 'data'),
    keeper.then(() => Promise.reject(new Error(`${nfLogFolder} cannot be made`))),
  ]);
  return {
    async [Symbol.asyncDispose]() {
      keeper.stdin.end();
      await keeper;
    },
  };
}

const keepFolder = `
trap '' INT
mkdir -p ${nfLogFolder}
kept=$(mktemp ${nfLogFolder}/kept.XXXXXX)
exec 8>"$kept"
flock 8
for old in ${nfLogFolder}/kept.*; do
  [ "$old" = "$kept" ] || flock --nonblock "$old" rm -f "$old" || true
done
echo kept
cat >/dev/null
rm -f "$kept"
rmdir ${nfLogFolder} 2>/dev/null || true # others keep it, or a lab records`;

/** Puts the old value back if a killed lab left it and no lab is recording; says whether it did. */
export async function restoreNfLog(): Promise<boolean> {
  const script = `[ -d ${nfLogFolder} ] || exit 0; ${functions(nfLogFile)}
open --exclusive --nonblock || exit 0
[ ! -f ${saved} ] || echo restored
restore`;
  const { stdout } = await execa('sh', ['-c', script], { reject: false });
  return stdout === 'restored';
}
