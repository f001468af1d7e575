/**
 * Everything that can happen on a timeline, as one union.
 *
 * Clock: `atNs` is nanoseconds since the run's start (run.json, `startedNs`) on CLOCK_REALTIME. strace and tcpdump
 * stamp with that clock; the kernel log's stamps are converted (run.json, `kernelClock`).
 */
import { z } from 'zod';
import { Packet, Sighting } from './packet.ts';

const common = {
  /** Unique within the scene: `client.strace:131`, `client.pcap#3`. */
  id: z.string(),
  atNs: z.number(),
  host: z.string(),
  /** The recording and the 1-based line (or frame) that says it. */
  source: z.string(),
  line: z.number().int(),
};

/** One step of the sockets API (man 7 socket), whatever the call's name is. */
export const StepName = z.enum([
  'socket',
  'bind',
  'listen',
  'connect',
  'accept',
  'send',
  'receive',
  'shutdown',
  'close',
]);
export type StepName = z.infer<typeof StepName>;

export const CallEvent = z.object({
  kind: z.literal('call'),
  ...common,
  pid: z.number().int(),
  name: z.string(),
  step: StepName.optional(),
  /** Undefined where the call never returned. */
  returned: z.number().optional(),
  errno: z.string().optional(),
  /** When the kernel was left, at the latest: the next line of the same thread (the stamps of -T begin too late). */
  untilNs: z.number().optional(),
  durationNs: z.number().optional(),
  fd: z.number().int().optional(),
  /** Event id of the call that made the socket; a descriptor's number comes back, this does not. */
  socket: z.string().optional(),
  protocol: z.enum(['tcp', 'udp']).optional(),
  /** The socket's own address and its peer as `10.0.0.1:40000`, as far as known when the call returned. */
  local: z.string().optional(),
  peer: z.string().optional(),
  /** The address in the arguments: where to, where from, what was asked for. */
  address: z.string().optional(),
  /** Address family of a socket or of an address: `AF_INET`, `AF_NETLINK`. */
  family: z.string().optional(),
  /** What open(2) opens. */
  path: z.string().optional(),
  /** Type of a socket, how of a shutdown, flags of a send or receive, name of an option. */
  flags: z.string().optional(),
  /** What an option or an out-argument held: `0`, `ECONNREFUSED`. */
  value: z.string().optional(),
  /** The bytes that were really taken or given, one character per byte (Latin-1). */
  data: z.string().optional(),
  bytes: z.number().int().optional(),
  /** Of a send: how many of the bytes that it was given it did not take; absent where it took all. */
  left: z.number().int().optional(),
  /** Of sendmmsg(2) and recvmmsg(2): the length of each message. */
  messages: z.array(z.number().int()).optional(),
  /** strace -k: the program's functions, from the outermost inwards as far as they could be followed (parse/user-stack.ts). */
  userStack: z.array(z.string()).optional(),
  /** When the kernel began and ended the call itself, without what the tracer around it takes (kernel.trace). */
  kernelNs: z.object({ from: z.number(), until: z.number() }).optional(),
});
export type CallEvent = z.infer<typeof CallEvent>;

/** What made a packet leave. */
export const Cause = z.object({
  /** Event id of a call or of another packet. */
  event: z.string(),
  /** `connect`, `send`, …; `packet` for what a kernel answers by itself; `timer` for a repetition. */
  by: z.string(),
  /** Measured inside the call by the kernel recorder, or inferred from addresses, bytes and time. */
  certainty: z.enum(['measured', 'inferred']),
  /** The packet's stamp lies between the call's entry and the next line of its thread. */
  within: z.boolean(),
});
export type Cause = z.infer<typeof Cause>;

/** One packet, however many recorders saw it. `host` is the sender; `atNs` is when it left the sender. */
export const PacketEvent = z.object({
  kind: z.literal('packet'),
  ...common,
  packet: Packet,
  /** `10.0.0.1:40000`; without port where the protocol has none. */
  from: z.string(),
  to: z.string(),
  sightings: z.array(Sighting),
  cause: Cause.optional(),
  /** Event id of the call that took it in on the other host. */
  receivedBy: z.string().optional(),
  /** Event id of the packet that this one repeats. */
  repeats: z.string().optional(),
});
export type PacketEvent = z.infer<typeof PacketEvent>;

export const OutputEvent = z.object({
  kind: z.literal('output'),
  ...common,
  stream: z.enum(['stdout', 'stderr']),
  text: z.string(),
});

export const SignalEvent = z.object({
  kind: z.literal('signal'),
  ...common,
  pid: z.number().int(),
  name: z.string(),
});

/** A thread or the program ended. */
export const ExitEvent = z.object({
  kind: z.literal('exit'),
  ...common,
  pid: z.number().int(),
  status: z.number().int().optional(),
  signal: z.string().optional(),
});

/** A row of the host's socket table at a named moment (ss(8)). */
export const SocketEvent = z.object({
  kind: z.literal('socket'),
  ...common,
  moment: z.string(),
  protocol: z.enum(['tcp', 'udp']),
  state: z.string(),
  local: z.string(),
  peer: z.string(),
  inode: z.number().int().optional(),
});
export type SocketEvent = z.infer<typeof SocketEvent>;

/** A counter of the host's network stack (/proc/net/snmp, netstat) that has changed since the moment `before`. */
export const CounterEvent = z.object({
  kind: z.literal('counter'),
  ...common,
  moment: z.string(),
  /** `Udp.RcvbufErrors`, as the kernel's documentation (snmp_counter) names it. */
  name: z.string(),
  change: z.number().int(),
});
export type CounterEvent = z.infer<typeof CounterEvent>;
/** Something the kernel did, as its own tracer tells it, with the stack it happened on. */
export const KernelEvent = z.object({
  kind: z.literal('kernel'),
  ...common,
  /** The tracepoint: `net_dev_queue`, `inet_sock_set_state`, `kfree_skb`. */
  name: z.string(),
  fields: z.record(z.string(), z.string()),
  /** The thread on which it happened, as the program sees it; absent in the kernel's own context. */
  pid: z.number().int().optional(),
  /** The host of that thread's program: in a softirq it may work for another. */
  threadHost: z.string().optional(),
  cpu: z.number().int(),
  context: z.enum(['process', 'softirq', 'hardirq']),
  /** The functions on the stack from the system call inwards, up to the softirq if there is one. */
  stack: z.array(z.string()),
  /** From the softirq inwards: the kernel's receive side, or a timer; it may work for another host's socket. */
  beyond: z.array(z.string()),
  interface: z.string().optional(),
  /** The kernel's name of the socket (a hashed address, the same in every event of it). */
  sk: z.string().optional(),
  /** Addresses, as far as the event has them: `10.0.0.1:40000`. */
  local: z.string().optional(),
  peer: z.string().optional(),
  /** Event id of the call on whose stack it happened. */
  call: z.string().optional(),
  /** The step of the sockets API that this call is, else its name. */
  under: z.string().optional(),
  /** Event id of the packet that it is about. */
  packet: z.string().optional(),
});
export type KernelEvent = z.infer<typeof KernelEvent>;

export const Event = z.discriminatedUnion('kind', [
  CallEvent,
  PacketEvent,
  OutputEvent,
  SignalEvent,
  ExitEvent,
  SocketEvent,
  CounterEvent,
  KernelEvent,
]);
export type Event = z.infer<typeof Event>;
export type EventOf<Kind extends Event['kind']> = Extract<Event, { kind: Kind }>;
