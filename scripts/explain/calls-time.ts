/** Calls on clocks, timers and locks. */
import type { Call } from 'strace-parser';
import type { Row, Rows } from './outcome.ts';
import { names } from './reading.ts';

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
  nanosleep: ['sleep for {0.tv_sec} s and {0.tv_nsec} ns'],
  alarm: ['ask for SIGALRM in {0} s', '{=} s were left of an earlier one'],
  setitimer: ['set a timer: {0}'],
  getitimer: ['ask for a timer: {0}'],
  timer_create: ['make a timer ({0})'],
  timer_settime: ['set a timer'],
  timer_gettime: ['ask how long a timer still runs', undefined, 'timer_settime(2)'],
  timer_getoverrun: ['ask how often a timer ran out unseen', '{=}'],
  timer_delete: ['remove a timer'],
  timerfd_create: ['make a timer that can be read and watched ({0})', 'descriptor {=}'],
  timerfd_settime: ['set the timer {0}', undefined, 'timerfd_create(2)'],
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
      : ['sleep for {2.tv_sec} s and {2.tv_nsec} ns', undefined, 'clock_nanosleep(2)'],
  futex: (call) => {
    const [operation = ''] = names(call, 1);
    if (operation.startsWith('FUTEX_WAKE'))
      return ['wake up to {2} threads that wait at {0}', '{=} woken', 'futex(2)'];
    if (operation.startsWith('FUTEX_WAIT'))
      return ['wait while the number at {0} is {2}', 'another thread woke it', 'futex(2)'];
    return ['wait or wake threads at {0}: {1}', '{=}', 'futex(2)'];
  },
};
