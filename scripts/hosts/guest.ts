/**
 * A machine of its own for a kernel of its own: QEMU, by software emulation, which works everywhere and needs no privilege.
 *
 * The guest has no disk. Its files are this machine's, read-only, over 9p; so it has the same tools, Node and checkout, at
 * the same paths. One folder it may write. Its clock counts instructions (-icount), one a nanosecond: to the guest the
 * emulation is a computer of usual speed, however slow or busy the machine around it is, and no deadline expires early.
 */
import { execa } from 'execa';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { StockKernel } from './stock-kernel.ts';

/** Where the guest finds the folder that it may write; Debian has it, empty. */
export const share = '/mnt';

/** What has to be there before files can be: a bus, 9p over it. */
const firstModules = ['virtio_pci', '9pnet_virtio', '9p'];

/** The modules stand in /lib by the order in which they are to be loaded. */
const init = `#!/bin/busybox sh
b=/bin/busybox
$b mount -t proc proc /proc; $b mount -t sysfs sys /sys; $b mount -t devtmpfs dev /dev
for module in /lib/*; do $b insmod $module; done
options=trans=virtio,version=9p2000.L,msize=524288
$b mount -t 9p -o $options,cache=loose,ro root /root
for folder in proc sys dev; do $b mount -o move /$folder /root/$folder; done
$b mount -t tmpfs -o mode=755 run /root/run
$b mount -t 9p -o $options,cache=mmap share /root${share}
exec $b switch_root /root /bin/sh ${share}/guest.sh
`;

/** The kernel loads modules through a program; this one looks for them where they were unpacked. */
const begin = (root: string) => `
echo # ends the firmware's line
mkdir -p /dev/pts /dev/shm; mount -t devpts pts /dev/pts; mount -t tmpfs shm /dev/shm
mount -t tracefs tracing /sys/kernel/tracing
mount -t proc proc '${root}/proc'
printf '#!/bin/sh\\nexec chroot "%s" /bin/busybox modprobe "$@"\\n' '${root}' >/run/modprobe
chmod +x /run/modprobe; echo /run/modprobe >/proc/sys/kernel/modprobe
export HOME=/run TMPDIR=/run
`;

const end = `
echo $? >${share}/status; sync
echo o >/proc/sysrq-trigger; sleep 1000`;

export interface GuestOptions {
  readonly kernel: StockKernel;
  /** The folder that the guest may write. */
  readonly folder: string;
  /** What it runs, as root, with sh; its exit status is the guest's. */
  readonly script: string;
  /** What it prints. */
  readonly say: (line: string) => void;
  readonly limitMs: number;
}

/** Boots, runs the script, and gives its exit status; undefined where the machine ended without one. */
export async function runGuest({ kernel, folder, script, say, limitMs }: GuestOptions) {
  const scratch = await mkdtemp(join(tmpdir(), 'echolab-guest-'));
  try {
    await writeFile(join(folder, 'guest.sh'), `${begin(kernel.root)}\n(${script}\n)${end}\n`);
    const initrd = await makeInitrd(kernel, scratch);
    // pdeathsig: it ends with this process, however that ends.
    const machine = execa('setpriv', ['--pdeathsig', 'KILL', ...qemu(kernel, initrd, folder)], {
      stdin: 'ignore',
      all: true,
      reject: false,
      timeout: limitMs,
      forceKillAfterDelay: 1000,
    });
    for await (const line of machine.iterable({ from: 'all' }))
      if (!line.includes('\u001b')) say(line.trimEnd()); // the firmware draws its screen
    const { timedOut, exitCode } = await machine;
    const said = await readFile(join(folder, 'status'), 'latin1').catch(() => undefined);
    return { timedOut, machine: exitCode, status: said === undefined ? undefined : Number(said) };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

const qemu = ({ root, release }: StockKernel, initrd: string, folder: string): string[] => [
  ...['qemu-system-x86_64', '-accel', 'tcg,tb-size=512', '-icount', 'shift=0', '-cpu', 'max'],
  ...['-m', '2048', '-smp', '1', '-nodefaults', '-display', 'none', '-serial', 'stdio', '-no-reboot'],
  ...['-kernel', `${root}/boot/vmlinuz-${release}`, '-initrd', initrd],
  ...['-append', 'console=ttyS0 quiet panic=-1 log_buf_len=4M'],
  ...['-virtfs', 'local,path=/,mount_tag=root,security_model=none,readonly=on,multidevs=remap'],
  ...['-virtfs', `local,path=${folder},mount_tag=share,security_model=none`],
];

async function makeInitrd({ root, release }: StockKernel, scratch: string): Promise<string> {
  const tree = join(scratch, 'tree');
  for (const name of ['bin', 'lib', 'proc', 'sys', 'dev', 'root'])
    await mkdir(join(tree, name), { recursive: true });
  await copyFile(join(root, 'bin/busybox'), join(tree, 'bin/busybox'));
  const modules = join(root, 'lib/modules', release);
  const chosen = inOrder(await readFile(join(modules, 'modules.dep'), 'latin1'));
  for (const [n, path] of chosen.entries())
    await copyFile(join(modules, path), join(tree, 'lib', `${String(n).padStart(2, '0')}-${basename(path)}`));
  await writeFile(join(tree, 'init'), init, { mode: 0o755 });
  const pack = 'find . | "$0" cpio -o -H newc 2>/dev/null | gzip -1 >../initrd';
  await execa('sh', ['-c', pack, join(root, 'bin/busybox')], { cwd: tree });
  return join(scratch, 'initrd');
}

/** The first modules, each behind those that it needs. `modules.dep`: `a.ko: b.ko c.ko`, of which the last comes first. */
function inOrder(dependencies: string): string[] {
  const lines = dependencies.split('\n').map((line) => line.split(/:? +|:$/).filter((path) => path !== ''));
  const needs = firstModules.flatMap((name) => {
    const [own = '', ...needed] = lines.find(([path = '']) => path.includes(`/${name}.ko`)) ?? [];
    return [...needed.toReversed(), own];
  });
  return [...new Set(needs)].filter((path) => path !== '');
}
