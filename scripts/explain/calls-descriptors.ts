/** Calls on descriptors as such: fcntl and ioctl by what they are asked to do, dup, pipe. */
import type { Call } from 'strace-parser';
import type { Row, Rows } from './outcome.ts';
import { argument, names, numberOf } from './reading.ts';

export const descriptorCalls: Rows = {
  dup: ['make a second descriptor for {0}', 'descriptor {=}'],
  dup2: ['make descriptor {1} stand for {0}', 'descriptor {=}', 'dup(2)'],
  dup3: ['make descriptor {1} stand for {0}', 'descriptor {=}', 'dup(2)'],
  pipe: ['make a pipe', 'descriptors {0}'],
  pipe2: ['make a pipe', 'descriptors {0}', 'pipe(2)'],
  close_range: ['close the descriptors from {0} to {1}'],
};

export const descriptorChoices: Readonly<Record<string, (call: Call) => Row>> = {
  fcntl: (call) => control[names(call, 1)[0] ?? ''] ?? ['do {1} with {0}', '{=}', 'fcntl(2)'],
  fcntl64: (call) => control[names(call, 1)[0] ?? ''] ?? ['do {1} with {0}', '{=}', 'fcntl(2)'],
  ioctl: (call) => {
    const [request = ''] = names(call, 1);
    if (request === 'FIONBIO') return numberOf(argument(call, 2)) === 0 ? blocking : nonBlocking;
    return requests[request] ?? ['do {1} with {0}', undefined, 'ioctl(2)'];
  },
};

const control: Rows = {
  F_GETFL: ['ask how {0} is open', '{=}', 'fcntl(2)'],
  F_SETFL: ['set how {0} is open: {2}', undefined, 'fcntl(2)'],
  F_GETFD: ['ask if {0} is closed on execve', '{=}', 'fcntl(2)'],
  F_SETFD: ['set what execve does with {0}: {2}', undefined, 'fcntl(2)'],
  F_DUPFD: ['make a second descriptor for {0}', 'descriptor {=}', 'fcntl(2)'],
  F_DUPFD_CLOEXEC: ['make a second descriptor for {0}', 'descriptor {=}', 'fcntl(2)'],
  F_GETLK: ['ask who holds a lock on {0}', undefined, 'fcntl(2)'],
  F_SETLK: ['lock or unlock a part of {0} without waiting', undefined, 'fcntl(2)'],
  F_SETLKW: ['lock or unlock a part of {0}, and wait for it', undefined, 'fcntl(2)'],
};

const nonBlocking: Row = ['make calls on {0} fail with EAGAIN instead of waiting', undefined, 'ioctl(2)'];
const blocking: Row = ['make calls on {0} wait again', undefined, 'ioctl(2)'];

const requests: Rows = {
  FIONREAD: ['ask how many bytes can be read from {0}', '{2}', 'ioctl(2)'],
  FIOCLEX: ['have {0} closed on execve', undefined, 'ioctl(2)'],
  FIONCLEX: ['keep {0} open on execve', undefined, 'ioctl(2)'],
  TCGETS: ['ask if {0} is a terminal', 'it is, with these settings', 'ioctl_tty(2)'],
  TCGETS2: ['ask if {0} is a terminal', 'it is, with these settings', 'ioctl_tty(2)'],
  TIOCGWINSZ: [
    'ask for the size of the terminal {0}',
    '{2.ws_row} rows of {2.ws_col} columns',
    'ioctl_tty(2)',
  ],
  TIOCGPGRP: ['ask which process group is in front at the terminal {0}', '{2}', 'ioctl_tty(2)'],
  TIOCSPGRP: ['put the process group {2} in front at the terminal {0}', undefined, 'ioctl_tty(2)'],
  TIOCGPTN: ['ask for the number of the pseudo-terminal {0}', '{2}', 'ioctl_tty(2)'],
  SIOCGIFINDEX: ['ask for the number of a network interface', '{2.ifr_ifindex}', 'netdevice(7)'],
};
