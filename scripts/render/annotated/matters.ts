/**
 * Which calls of a program are about the lesson: its sockets, its own input and output, the files of the resolver, and the
 * waits for its sockets. All else is the runtime's own.
 */
import { field, type Call, type Value } from 'strace-parser';
import type { CallEvent } from '../../model/event.ts';

/** resolv.conf(5), nsswitch.conf(5), hosts(5), host.conf(5), gai.conf(5), services(5). */
const resolverFile = /^\/etc\/(?:hosts|resolv\.conf|nsswitch\.conf|host\.conf|gai\.conf|services)$/;
const waits: ReadonlySet<string> = new Set([
  ...['epoll_wait', 'epoll_pwait', 'epoll_pwait2', 'poll', 'ppoll', 'select', 'pselect6'],
]);
/** A wait that is over sooner, with nothing, is an event loop having a look. */
const shortestWaitNs = 1e6;

/** @param calls of one program in order, each with what the log says of it */
export function mattering(calls: readonly (readonly [CallEvent, Call])[]): ReadonlySet<CallEvent> {
  const sets = socketSets(calls);
  return new Set(calls.flatMap(([call, logged]) => (isMattering(call, logged, sets) ? [call] : [])));
}

function isMattering(call: CallEvent, logged: Call, sets: ReadonlySet<number>): boolean {
  if (call.name === 'execve' || call.name === 'socket' || call.socket !== undefined) return true;
  if (waits.has(call.name)) return isForSocket(call, logged, sets);
  if (call.name === 'epoll_ctl') return isSocket(logged.args[2]);
  if (call.path !== undefined) return resolverFile.test(call.path);
  const [first] = logged.args;
  if (first?.type !== 'descriptor') return false;
  if (first.fd === 0) return /^(?:read|recv)/.test(call.name);
  if (first.fd <= 2) return /^(?:write|send)/.test(call.name);
  return isSocket(first) || (first.target.kind === 'path' && resolverFile.test(first.target.path));
}

/** A wait that one of the program's sockets ended, or that lasted, with sockets among what was waited for. */
function isForSocket(call: CallEvent, logged: Call, sets: ReadonlySet<number>): boolean {
  const epoll = call.name.startsWith('epoll_');
  const waited = epoll ? sets.has(call.fd ?? -1) : logged.args.some(holdsSocket);
  if (!waited) return false;
  const long = (call.durationNs ?? (call.untilNs ?? Infinity) - call.atNs) >= shortestWaitNs;
  return long || (epoll ? readyIn(logged).some((fd) => isReady(fd, sets)) : (call.returned ?? 0) > 0);
}

/** The program made it itself: 0, 1 and 2 were there before it, whatever they lead to. */
const isSocket = (value: Value | undefined): boolean =>
  value?.type === 'descriptor' && value.fd > 2 && value.target.kind === 'socket';

/** The descriptors of poll(2) and select(2). */
function holdsSocket(value: Value): boolean {
  if (value.type === 'array') return value.items.some(holdsSocket);
  if (value.type === 'struct') return isSocket(field(value, 'fd'));
  return isSocket(value);
}

/**
 * The epoll sets that ever held a socket, and the descriptors of sockets. libuv adds to its sets through io_uring, which
 * strace does not see; what a wait reports, and what is taken out again, tells of it.
 */
function socketSets(calls: readonly (readonly [CallEvent, Call])[]): ReadonlySet<number> {
  const known = new Set<number>();
  for (const [call] of calls) {
    if (call.socket !== undefined && call.fd !== undefined) known.add(call.fd);
    if (call.name === 'socket' && call.returned !== undefined) known.add(call.returned);
  }
  const sockets = new Set(known);
  for (const [call, logged] of calls) {
    if (call.fd === undefined || !call.name.startsWith('epoll_')) continue;
    if (isSocket(logged.args[2]) || readyIn(logged).some((fd) => sockets.has(fd))) known.add(call.fd);
  }
  return known;
}

/** `[{events=EPOLLIN, data={u32=21, u64=21}}]`: what the program chose to be told, libuv a descriptor. */
function readyIn({ args: [, events] }: Call): number[] {
  if (events?.type !== 'array') return [];
  return events.items.flatMap((item) => {
    const told = field(field(item, 'data'), 'u64');
    return told?.type === 'integer' ? [Number(told.value)] : [];
  });
}

/** Others are told an address of their own memory; which descriptor that is, the log does not say. */
const isReady = (told: number, sockets: ReadonlySet<number>): boolean =>
  sockets.has(told) || told > 0xff_ffff;
