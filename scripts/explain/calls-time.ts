/** Calls on clocks, timers and locks. */
import { field, type Call, type Value } from 'strace-parser';
import type { Row, Rows } from './outcome.ts';
import { argument, names, secondsOf } from './reading.ts';

export const timeCalls: Rows = {
  clock_gettime: ['ask what time it is ({0})', '{1.tv_sec} s'],
  clock_getres: ['ask how exact the clock is ({0})'],
  clock_settime: ['set the clock ({0})', undefined, 'clock_gettime(2)'],
  clock_adjtime: ['ask for or change how the clock is adjusted ({0})', undefined, 'adjtimex(2)'],
  adjtimex: ['ask for or change how the clock is adjusted'],
  gettimeofday: ['ask what time it is', '{0.tv_sec} s'],
  settimeofday: ['set the clock', undefined, 'gettimeofday(2)'],
  time: ['ask what time it is', '{=} s since 1970'],
  times: ['ask how much CPU time it has used'],
  alarm: ['ask for SIGALRM in {0} s', '{=} s were left of an earlier one'],
  getitimer: ['ask for a timer: {0}'],
  timer_create: ['make a timer ({0})'],
  timer_gettime: ['ask how long a timer still runs', undefined, 'timer_settime(2)'],
  timer_getoverrun: ['ask how often a timer ran out unseen', '{=}'],
  timer_delete: ['remove a timer'],
  timerfd_create: ['make a timer that can be read and watched ({0})', 'descriptor {=}'],
  timerfd_gettime: ['ask how long the timer {0} still runs', undefined, 'timerfd_create(2)'],
  semget: ['ask for {1} semaphores', 'number {=}'],
  semop: ['take or give the semaphores {0}'],
  semtimedop: ['take or give the semaphores {0}, for a time', undefined, 'semop(2)'],
  semctl: ['ask about or change the semaphores {0}'],
  msgget: ['ask for a message queue', 'number {=}'],
  msgsnd: ['put a message into the queue {0}', undefined, 'msgop(2)'],
  msgrcv: ['take a message from the queue {0}', '{=} bytes', 'msgop(2)'],
  mq_open: ['open the message queue {0}', 'descriptor {=}'],
  mq_timedsend: ['put a message into the queue {0}', undefined, 'mq_send(3)'],
  mq_timedreceive: ['take a message from the queue {0}', '{=} bytes', 'mq_receive(3)'],
};

export const timeChoices: Readonly<Record<string, (call: Call) => Row>> = {
  clock_nanosleep: (call) =>
    names(call, 1).includes('TIMER_ABSTIME')
      ? ['sleep until {2.tv_sec} s on the clock {0}', undefined, 'clock_nanosleep(2)']
      : [`sleep for ${secondsOf(argument(call, 2)) ?? 'some time'}`, undefined, 'clock_nanosleep(2)'],
  nanosleep: (call) => [`sleep for ${secondsOf(argument(call, 0)) ?? 'some time'}`],
  setitimer: (call) => timer(field(argument(call, 1), 'it_value'), '({0})', 'setitimer(2)'),
  timer_settime: (call) => timer(field(argument(call, 2), 'it_value'), '{0}', 'timer_settime(2)'),
  timerfd_settime: (call) => timer(field(argument(call, 2), 'it_value'), '{0}', 'timerfd_create(2)'),
};

function timer(value: Value | undefined, which: string, page: string): Row {
  const time = secondsOf(value);
  return time === '0 s'
    ? [`stop the timer ${which}`, undefined, page]
    : [`set the timer ${which} to ${time ?? 'a time'}`, undefined, page];
}
