/** Calls on descriptors as such: fcntl and ioctl by what they are asked to do, dup, pipe. */
import type { Call } from 'strace-parser';
import type { Row, Rows } from './outcome.ts';
import { lookUp } from './explanation.ts';
import { argument, names, numberOf } from './reading.ts';

export const descriptorCalls: Rows = {
  dup: ['make a second descriptor for {0}', 'descriptor {=}'],
  close_range: ['close the descriptors from {0} to {1}'],
};

export const descriptorChoices: Readonly<Record<string, (call: Call) => Row>> = {
  fcntl: controlled,
  fcntl64: controlled,
  dup2: duplicate,
  dup3: duplicate,
  pipe: makePipe,
  pipe2: makePipe,
  ioctl: (call) => {
    const [request = ''] = names(call, 1);
    if (request === 'FIONBIO') return numberOf(argument(call, 2)) === 0 ? blocking : nonBlocking('ioctl(2)');
    return requests[request] ?? ['do {1} with {0}', undefined, 'ioctl(2)'];
  },
};

function controlled(call: Call): Row {
  const [command = ''] = names(call, 1);
  switch (command) {
    case 'F_GETFD':
      return [
        'ask if execve closes {0}',
        call.returned?.text.includes('FD_CLOEXEC') === true ? 'yes' : 'no',
        'fcntl(2)',
      ];
    case 'F_SETFD':
      return names(call, 2).includes('FD_CLOEXEC')
        ? ['have {0} closed on execve', undefined, 'fcntl(2)']
        : ['keep {0} open on execve', undefined, 'fcntl(2)'];
    case 'F_SETFL':
      return names(call, 2).includes('O_NONBLOCK')
        ? nonBlocking('fcntl(2)')
        : ['set how {0} is open to {2}', undefined, 'fcntl(2)'];
    default:
      return lookUp(control, command) ?? ['do {1} with {0}', '{=}', 'fcntl(2)'];
  }
}

/** Standard output, say, has a label; a number that was free has none. */
function duplicate(call: Call): Row {
  const which = argument(call, 1)?.type === 'descriptor' ? '{1}' : 'descriptor {1}';
  return [`make ${which} stand for {0}`, undefined, 'dup(2)'];
}

function makePipe(call: Call): Row {
  const ends = argument(call, 0);
  const [read, write] = ends?.type === 'array' ? ends.items.map((end) => numberOf(end)) : [];
  return ['make a pipe', `descriptor ${read} to read, ${write} to write`, 'pipe(2)'];
}

const control: Rows = {
  F_GETFL: ['ask how {0} is open', '{=}', 'fcntl(2)'],
  F_DUPFD: ['make a second descriptor for {0}', 'descriptor {=}', 'fcntl(2)'],
  F_DUPFD_CLOEXEC: ['make a second descriptor for {0}', 'descriptor {=}', 'fcntl(2)'],
  F_GETLK: ['ask who holds a lock on {0}', undefined, 'fcntl(2)'],
  F_SETLK: ['set or give back a lock on a part of {0}, without waiting', undefined, 'fcntl(2)'],
  F_SETLKW: ['set or give back a lock on a part of {0}, and wait for it', undefined, 'fcntl(2)'],
};

const nonBlocking = (page: string): Row => [
  'make calls on {0} fail with EAGAIN instead of waiting',
  undefined,
  page,
];
const blocking: Row = ['make calls on {0} wait again', undefined, 'ioctl(2)'];

const requests: Rows = {
  FIONREAD: ['ask how many bytes can be read from {0}', '{2}', 'ioctl(2)'],
  FIOCLEX: ['have {0} closed on execve', undefined, 'ioctl(2)'],
  FIONCLEX: ['keep {0} open on execve', undefined, 'ioctl(2)'],
  TCGETS: ['ask if {0} is a terminal', 'it is, with these settings', 'ioctl_tty(2)'],
  TCGETS2: ['ask if {0} is a terminal', 'it is, with these settings', 'ioctl_tty(2)'],
  TIOCGWINSZ: [
    'ask for the size of the terminal at {0}',
    '{2.ws_row} rows of {2.ws_col} columns',
    'ioctl_tty(2)',
  ],
  TIOCGPGRP: ['ask which process group is in front at the terminal of {0}', '{2}', 'ioctl_tty(2)'],
  TIOCSPGRP: ['put the process group {2} in front at the terminal of {0}', undefined, 'ioctl_tty(2)'],
  TIOCSPTLCK: ['lock or unlock the other end of the pseudo-terminal {0}', undefined, 'ioctl_tty(2)'],
  TCSETS: ['set how the terminal at {0} behaves', undefined, 'ioctl_tty(2)'],
  TCSETSW: ['set how the terminal at {0} behaves, when all is shown', undefined, 'ioctl_tty(2)'],
  TCSETSF: ['set how the terminal at {0} behaves, and forget what is typed', undefined, 'ioctl_tty(2)'],
  TIOCSWINSZ: ['set the size of the terminal at {0}', undefined, 'ioctl_tty(2)'],
  TIOCSCTTY: ['make {0} its terminal', undefined, 'ioctl_tty(2)'],
  TIOCNOTTY: ['give its terminal up', undefined, 'ioctl_tty(2)'],
  SIOCGIFCONF: ['ask for the list of network interfaces', undefined, 'netdevice(7)'],
  SIOCGIFNAME: ['ask for the name of a network interface', undefined, 'netdevice(7)'],
  SIOCGIFFLAGS: ['ask if a network interface is up', undefined, 'netdevice(7)'],
  SIOCGIFADDR: ['ask for the address of a network interface', undefined, 'netdevice(7)'],
  SIOCGIFMTU: ['ask how long packets a network interface takes', undefined, 'netdevice(7)'],
  SIOCGIFHWADDR: ['ask for the hardware address of a network interface', undefined, 'netdevice(7)'],
  TIOCGPTN: ['ask for the number of the pseudo-terminal {0}', '{2}', 'ioctl_tty(2)'],
  SIOCGIFINDEX: ['ask for the number of a network interface', '{2.ifr_ifindex}', 'netdevice(7)'],
};
