/** Why Node makes another call than a program that waits in its calls; the rows of the page “Node and libc”. */
import type { StepName } from '../model/event.ts';

/** @param libc, @param node the names of the calls, as the page has them: `recvmsg`, `–` */
export function whyOther(step: StepName, libc: string, node: string): string {
  if (libc === node) return 'the same';
  const found = reasons.find(([name, one, other]) => name === step && one.test(libc) && other.test(node));
  return found?.[3] ?? '';
}

const any = /./;
const reasons: readonly (readonly [StepName, RegExp, RegExp, string])[] = [
  ['bind', /^–$/, /bind/, 'dgram binds every socket to 0.0.0.0:0 before it is used'],
  [
    'connect',
    any,
    /SO_ERROR/,
    'the socket does not block: connect(2) says EINPROGRESS, SO_ERROR how it ended',
  ],
  ['send', any, /sendmmsg/, 'what did not fit waits in Node’s queue; sendmmsg sends several at once'],
  ['send', any, /writev/, 'what did not fit waits in Node’s memory; writev writes several pieces at once'],
  ['send', any, /sendmsg/, 'libuv sends every datagram by sendmsg, with a destination or without'],
  ['receive', any, /recvmsg/, 'libuv receives every datagram by recvmsg, for the sender’s address'],
  ['receive', any, /^–$/, 'nothing came: the thread waits in epoll_pwait, not in a receive'],
  [
    'shutdown',
    /^–$/,
    /shutdown/,
    'end() sends the FIN and goes on reading; close(2) alone would end both ways',
  ],
  [
    'accept',
    any,
    any,
    'epoll says that somebody is there; accept4 with SOCK_NONBLOCK, until there is nobody more',
  ],
];
