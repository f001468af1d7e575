/**
 * States of a machine, for live tests. Each is made for one command, in a mount namespace of its own: the machine stays
 * as it is, whatever it is like. Only root can make them.
 */
import { usualTracefs } from '../hosts/tracefs.ts';

export interface State {
  /** Whether it is mounted at its usual place. */
  readonly tracefs?: 'mounted' | 'not mounted';
  /** The device with the kernel's log. Some containers have none, others a link to /dev/null. */
  readonly kmsg?: 'there' | 'missing' | '/dev/null';
  /** Of the user, in octal. */
  readonly umask?: string;
}

/** `tracefs not mounted, /dev/kmsg missing`: the tests' names begin with it. */
export const nameOf = ({ tracefs, kmsg, umask }: State): string =>
  [
    ...(tracefs ? [`tracefs ${tracefs}`] : []),
    ...(kmsg ? [`/dev/kmsg ${kmsg}`] : []),
    ...(umask ? [`umask ${umask}`] : []),
  ].join(', ');

/** The words before a command's; none where the machine may be as it is. */
export const inState = (state: State): string[] => {
  const script = [...scriptsFor(state), 'exec "$@"'].join('\n');
  return nameOf(state) === '' ? [] : ['unshare', '--mount', 'sh', '-euc', script, 'sh'];
};

const scriptsFor = ({ tracefs, kmsg, umask }: State): string[] => [
  ...(tracefs === 'mounted' ? [withTracefs] : []),
  ...(tracefs === 'not mounted' ? [withoutTracefs] : []),
  ...(kmsg === undefined ? [] : [devices(kmsg)]),
  ...(umask === undefined ? [] : [`umask ${umask}`]),
];

// mount(8) would make /run/mount, for everybody: --no-mtab.
const withTracefs = `mountpoint -q ${usualTracefs} || mount --no-mtab -t tracefs none ${usualTracefs}`;

/** One mount may lie on the other; debugfs has a second way to it. */
const withoutTracefs = `
while mountpoint -q ${usualTracefs}; do umount --no-mtab ${usualTracefs}; done
while mountpoint -q /sys/kernel/debug; do umount --no-mtab --lazy /sys/kernel/debug; done`;

/** A /dev as containers have it, from device numbers (Documentation/admin-guide/devices.txt), with or without the log. */
const devices = (kmsg: NonNullable<State['kmsg']>): string => `
mount --no-mtab --rbind /dev /mnt
mount --no-mtab -t tmpfs -o mode=755 none /dev
for device in null:3 zero:5 full:7 random:8 urandom:9; do mknod -m 666 "/dev/\${device%:*}" c 1 "\${device#*:}"; done
mknod -m 666 /dev/tty c 5 0
mkdir /dev/pts /dev/shm
mount --no-mtab --bind /mnt/pts /dev/pts
mount --no-mtab --bind /mnt/shm /dev/shm
ln -s pts/ptmx /dev/ptmx
ln -s /proc/self/fd /dev/fd
for name in 0:stdin 1:stdout 2:stderr; do ln -s "/proc/self/fd/\${name%:*}" "/dev/\${name#*:}"; done
${{ there: 'mknod -m 644 /dev/kmsg c 1 11', missing: '', '/dev/null': 'ln -s null /dev/kmsg' }[kmsg]}
umount --no-mtab --lazy /mnt`;
