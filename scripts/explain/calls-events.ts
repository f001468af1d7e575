/** Calls that wait for several descriptors, and what they wait with. */
import { field, type Call, type Value } from 'strace-parser';
import type { Rows, Teller } from './outcome.ts';
import { descriptor } from './places.ts';
import { argument, bare, names, namesIn, numberOf, plain, plural } from './reading.ts';

export const eventRows: Rows = {
  epoll_create: ['make an epoll instance, to wait for many descriptors at once', 'descriptor {=}'],
  epoll_create1: [
    'make an epoll instance, to wait for many descriptors at once',
    'descriptor {=}',
    'epoll_create(2)',
  ],
  eventfd: ['make an eventfd, a counter by which threads wake each other', 'descriptor {=}'],
  eventfd2: ['make an eventfd, a counter by which threads wake each other', 'descriptor {=}', 'eventfd(2)'],
  signalfd: ['make a descriptor from which signals can be read', 'descriptor {=}'],
  signalfd4: ['make a descriptor from which signals can be read', 'descriptor {=}', 'signalfd(2)'],
  select: ['wait until one of the descriptors below {0} is ready', '{=} ready'],
  pselect6: ['wait until one of the descriptors below {0} is ready', '{=} ready', 'select(2)'],
  io_uring_setup: ['make an io_uring for {0} operations: calls without a system call each', 'descriptor {=}'],
  io_uring_enter: ['hand {1} operations to the kernel through {0}, and wait for {2}', '{=} taken'],
  io_uring_register: ['tell the io_uring {0} what it will use: {1}'],
  io_setup: ['make a queue of asynchronous operations'],
  io_submit: ['hand {1} asynchronous operations to the kernel', '{=} taken'],
  io_getevents: ['wait for asynchronous operations', '{=} done'],
  io_destroy: ['remove a queue of asynchronous operations'],
  restart_syscall: ['go on with a call that a signal or a stop interrupted', '{=}'],
};

export const eventCalls: Readonly<Record<string, readonly [Teller, source: string]>> = {
  epoll_ctl: [
    (call) => {
      const what = descriptor(argument(call, 2));
      const which =
        what === standardName(argument(call, 2))
          ? what
          : `descriptor ${numberOf(argument(call, 2))}, ${what}`;
      const events = namesIn(field(argument(call, 3), 'events')).map(({ name }) => name);
      const awaited = events.length === 0 ? '' : ` for ${events.join('|')}`;
      switch (names(call, 1)[0] ?? '') {
        case 'EPOLL_CTL_ADD':
          return [`wants to watch ${which}${awaited}`, `begins to watch ${which}${awaited}`];
        case 'EPOLL_CTL_MOD':
          return [`wants to change what it watches of ${which}`, `watches ${which}${awaited} from now on`];
        case 'EPOLL_CTL_DEL':
          return [`wants to stop watching ${which}`, `stops watching ${which}`];
        default:
          return [`wants to change the watch on ${which}`, `changes the watch on ${which}`];
      }
    },
    'epoll_ctl(2)',
  ],
  epoll_wait: [(call) => epollWait(call), 'epoll_wait(2)'],
  epoll_pwait: [(call) => epollWait(call), 'epoll_wait(2)'],
  epoll_pwait2: [(call) => epollWait(call), 'epoll_wait(2)'],
  poll: [(call) => pollFor(call, limit(argument(call, 2))), 'poll(2)'],
  ppoll: [(call) => pollFor(call, limit(argument(call, 2))), 'poll(2)'],
};

function epollWait(call: Call): readonly [string, string] {
  const time = limit(argument(call, 3));
  const wait = time === 'without waiting' ? 'looks, without waiting, for' : `waits ${time} for`;
  const asks = `${wait} something on the descriptors it watches`;
  const list = argument(call, 1);
  const items = list?.type === 'array' ? list.items : [];
  const ready = items.map((item) => {
    const events = namesIn(field(item, 'events')).map(({ name }) => name);
    const data = field(item, 'data');
    return `${events.join('|')} for ${numberOf(field(data, 'u32') ?? data) ?? plain(data)}`;
  });
  const count = Number(call.returned?.value ?? 0);
  if (count === 0) return [asks, `${asks}: nothing${time === 'without waiting' ? '' : ' in that time'}`];
  return [
    asks,
    `${asks}: ${ready.slice(0, 8).join(', ')}${ready.length > 8 ? ', …' : ''} (numbers from epoll_ctl)`,
  ];
}

function pollFor(call: Call, time: string): readonly [string, string] {
  const list = argument(call, 0);
  const items = list?.type === 'array' ? list.items : [];
  const wanted = items.slice(0, 4).map((item) => {
    const events = namesIn(field(item, 'events')).map(({ name }) => name);
    return `${events.join('|')} on ${descriptor(bare(field(item, 'fd')))}`;
  });
  const asks = `${time === 'without waiting' ? 'looks, without waiting,' : `waits ${time}`} for ${wanted.join(', ') || 'nothing but time'}`;
  const ready = [...(call.returned?.text ?? '').matchAll(/fd=(\d+)[^}]*?revents=([A-Z|]+)/g)];
  const shown = ready.map(([, fd, events]) => `${events} on descriptor ${fd}`).join(', ');
  const count = Number(call.returned?.value ?? 0);
  return [
    asks,
    `${asks}: ${count === 0 ? 'nothing in that time' : shown || `${plural(count, 'descriptor')} ready`}`,
  ];
}

/** Milliseconds, or a timespec; -1 or NULL: no limit. */
function limit(value: Value | undefined): string {
  const seconds = numberOf(field(value, 'tv_sec'));
  const ms =
    seconds === undefined ? numberOf(value) : seconds * 1000 + (numberOf(field(value, 'tv_nsec')) ?? 0) / 1e6;
  if (ms === 0) return 'without waiting';
  if (ms !== undefined && ms > 0) return `up to ${ms} ms`;
  return ms === -1 || namesIn(value)[0]?.name === 'NULL' ? 'without limit' : 'some time';
}

function standardName(value: Value | undefined): string {
  const fd = numberOf(value) ?? -1;
  const what = descriptor(value);
  return fd <= 2 || what.includes(`descriptor ${fd}`) ? what : '';
}
