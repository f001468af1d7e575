/** Calls that ask for or change what the process may do and how it runs: limits, priorities, prctl(2) and its like. */
import { field, type Call, type Value } from 'strace-parser';
import type { Row, Teller } from './outcome.ts';
import { argument, isNull, names, namesIn, numberOf, plain } from './reading.ts';
import { lookUp } from './explanation.ts';

export const limitCalls: Readonly<Record<string, readonly [Teller, source: string]>> = {
  prlimit64: [(call) => limit(names(call, 1)[0], argument(call, 2), argument(call, 3)), 'getrlimit(2)'],
  getrlimit: [(call) => limit(names(call, 0)[0], undefined, argument(call, 1)), 'getrlimit(2)'],
  setrlimit: [(call) => limit(names(call, 0)[0], argument(call, 1), undefined), 'getrlimit(2)'],
  getpriority: [
    (call) => {
      const asks = 'asks for its nice value';
      // The kernel returns 20 - nice, so that it is never negative (getpriority(2), “C library/kernel differences”).
      return [asks, `${asks}: ${20 - Number(call.returned?.value ?? 20)}`];
    },
    'getpriority(2)',
  ],
};

function limit(which = 'a limit', set: Value | undefined, now: Value | undefined): readonly [string, string] {
  if (set !== undefined && !isNull(set))
    return [
      `wants to set the limit ${which} to ${amounts(set)}`,
      `sets the limit ${which} to ${amounts(set)}`,
    ];
  const asks = `asks for the limit ${which}`;
  return [asks, `${asks}: ${amounts(now)}`];
}

function amounts(value: Value | undefined): string {
  const soft = amount(field(value, 'rlim_cur'));
  const hard = amount(field(value, 'rlim_max'));
  if (soft === hard) return soft;
  return hard === 'no limit' ? `${soft}, may be raised without limit` : `${soft}, may be raised to ${hard}`;
}

const amount = (value: Value | undefined): string =>
  namesIn(value).some(({ name }) => name.endsWith('INFINITY')) ? 'no limit' : plain(value);

/** Calls that are many in one, by the operation that their first argument names. */
export const operationChoices: Readonly<Record<string, (call: Call) => Row>> = {
  prctl: (call) =>
    lookUp(prctlRows, names(call, 0)[0] ?? '') ?? ['do {0} with the process', '{=}', 'prctl(2)'],
  arch_prctl: (call) =>
    lookUp(archRows, names(call, 0)[0] ?? '') ?? [
      'do {0} with the state of the CPU',
      undefined,
      'arch_prctl(2)',
    ],
  seccomp: (call) =>
    lookUp(seccompRows, names(call, 0)[0] ?? '') ?? [
      'do {0} with the filter on system calls',
      '{=}',
      'seccomp(2)',
    ],
  flock: (call) => {
    const how = names(call, 1);
    if (how.includes('LOCK_UN')) return ['give the lock on {0} back', undefined, 'flock(2)'];
    const waits = how.includes('LOCK_NB') ? ', without waiting' : '';
    return [
      `lock {0}${how.includes('LOCK_SH') ? ' together with other readers' : ' for itself'}${waits}`,
      undefined,
      'flock(2)',
    ];
  },
  futex: (call) => {
    const [operation = ''] = names(call, 1);
    if (operation.startsWith('FUTEX_WAKE'))
      return numberOf(argument(call, 2)) === 2 ** 31 - 1
        ? ['wake all threads that wait at {0}', '{=} woken', 'futex(2)']
        : ['wake up to {2} of the threads that wait at {0}', '{=} woken', 'futex(2)'];
    if (operation.startsWith('FUTEX_WAIT'))
      return ['wait while the number at {0} is {2}', 'another thread woke it', 'futex(2)'];
    return ['have threads wait or wake at {0} ({1})', '{=}', 'futex(2)'];
  },
};

const prctlRows: Readonly<Record<string, Row>> = {
  PR_SET_NAME: ['name the thread {1}', undefined, 'prctl(2)'],
  PR_GET_NAME: ['ask for the name of the thread', '{1}', 'prctl(2)'],
  PR_SET_NO_NEW_PRIVS: ['give up gaining privileges by execve', undefined, 'prctl(2)'],
  PR_GET_NO_NEW_PRIVS: ['ask if it may gain privileges by execve', '{=} (1: no)', 'prctl(2)'],
  PR_SET_PDEATHSIG: ['ask for {1} when its parent ends', undefined, 'prctl(2)'],
  PR_SET_DUMPABLE: ['choose if others of the same user may look into it: {1}', undefined, 'prctl(2)'],
  PR_GET_DUMPABLE: ['ask if others of the same user may look into it', '{=}', 'prctl(2)'],
  PR_SET_KEEPCAPS: ['choose if it keeps capabilities when it changes its user: {1}', undefined, 'prctl(2)'],
  PR_SET_CHILD_SUBREAPER: ['become the parent of orphans among its descendants', undefined, 'prctl(2)'],
  PR_SET_SECCOMP: ['limit its system calls: {1}', undefined, 'prctl(2)'],
  PR_GET_SECCOMP: ['ask if its system calls are limited', '{=} (0: no)', 'prctl(2)'],
  PR_CAPBSET_READ: ['ask if execve may give it {1}', '{=} (1: yes)', 'prctl(2)'],
  PR_CAPBSET_DROP: ['keep execve from giving it {1}', undefined, 'prctl(2)'],
  PR_CAP_AMBIENT: ['ask for or change the capabilities that execve keeps: {1} {2}', '{=}', 'prctl(2)'],
  PR_SET_TIMERSLACK: ['choose how late its timers may be, {1} ns', undefined, 'prctl(2)'],
  PR_SET_VMA: ['name a piece of its memory', undefined, 'prctl(2)'],
  PR_SET_PTRACER: ['choose who may trace it', undefined, 'prctl(2)'],
  PR_SET_THP_DISABLE: ['choose if it goes without huge pages: {1}', undefined, 'prctl(2)'],
};

const archRows: Readonly<Record<string, Row>> = {
  ARCH_SET_FS: ['set where the thread’s own storage begins, {1}', undefined, 'arch_prctl(2)'],
  ARCH_GET_FS: ['ask where the thread’s own storage begins', '{1}', 'arch_prctl(2)'],
  ARCH_SET_GS: ['set the base of the register GS, {1}', undefined, 'arch_prctl(2)'],
  ARCH_GET_GS: ['ask for the base of the register GS', '{1}', 'arch_prctl(2)'],
  ARCH_CET_STATUS: ['ask if the CPU guards return addresses', undefined, 'arch_prctl(2)'],
};

const seccompRows: Readonly<Record<string, Row>> = {
  SECCOMP_SET_MODE_STRICT: ['allow itself only read, write and exit', undefined, 'seccomp(2)'],
  SECCOMP_SET_MODE_FILTER: ['limit its system calls by a filter program', '{=}', 'seccomp(2)'],
  SECCOMP_GET_ACTION_AVAIL: ['ask if the kernel knows the action {2}', 'yes', 'seccomp(2)'],
  SECCOMP_GET_NOTIF_SIZES: ['ask how long notifications of a filter are', undefined, 'seccomp(2)'],
};
