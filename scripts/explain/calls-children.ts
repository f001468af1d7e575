/** Calls that make processes and threads, run programs, and wait for their end. */
import type { Call, Value } from 'strace-parser';
import type { Teller } from './outcome.ts';
import { argument, names, numberOf, plain, shorten } from './reading.ts';

export const childCalls: Readonly<Record<string, readonly [Teller, source: string]>> = {
  execve: [(call) => run(call, 0), 'execve(2)'],
  execveat: [(call) => run(call, 1), 'execveat(2)'],
  clone: [child, 'clone(2)'],
  clone3: [child, 'clone(2)'],
  fork: [child, 'fork(2)'],
  vfork: [
    (call) => {
      const makes = 'a child, and waits until it runs a program or ends';
      return [`wants to make ${makes}`, `makes ${makes}: process ${call.returned?.value}`];
    },
    'vfork(2)',
  ],
  wait4: [wait, 'wait4(2)'],
  waitpid: [wait, 'waitpid(2)'],
};

function run(call: Call, at: number): readonly [string, string] {
  const list = argument(call, at + 1);
  const words = list?.type === 'array' ? list.items.map((item) => plain(item)) : [];
  const line = words.length > 1 ? `: ${shorten(words.join(' '), 120)}` : '';
  const program = plain(argument(call, at));
  return [`tries to become the program ${program}`, `becomes the program ${program}${line}`];
}

function child(call: Call): readonly [string, string] {
  const flags = names(call, 0).concat(names(call, 1));
  const number = call.returned?.value;
  return flags.includes('CLONE_THREAD')
    ? ['wants to start a thread', `starts the thread ${number}`]
    : ['wants to make a child process', `makes a child process, a copy of itself: ${number}`];
}

function wait(call: Call): readonly [string, string] {
  const pid = numberOf(argument(call, 0)) ?? -1;
  const whom = pid > 0 ? `child ${pid}` : pid === -1 ? 'a child' : 'a child of a group';
  const looks = names(call, 2).includes('WNOHANG');
  const asks = looks ? `asks if ${whom} has ended` : `waits until ${whom} ends`;
  const found = Number(call.returned?.value ?? 0);
  return [asks, found === 0 ? `${asks}: not yet` : `${asks}: ${found} ${endOf(argument(call, 1))}`];
}

/** `[{WIFEXITED(s) && WEXITSTATUS(s) == 0}]` */
function endOf(value: Value | undefined): string {
  const text = plain(value);
  const status = /WEXITSTATUS\(s\) == (\d+)/.exec(text)?.[1];
  if (status !== undefined) return `has ended with status ${status}`;
  const signal = /WTERMSIG\(s\) == (\w+)/.exec(text)?.[1];
  if (signal !== undefined) return `was ended by ${signal}`;
  const stop = /WSTOPSIG\(s\) == (\w+)/.exec(text)?.[1];
  if (stop !== undefined) return `was stopped by ${stop}`;
  return text.includes('WIFCONTINUED') ? 'goes on' : 'has ended';
}
