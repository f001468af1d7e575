/**
 * Which socket each call is about. A descriptor's number comes back after close(2), so a socket is known by the call
 * that made it; its addresses are learned from the arguments and from what strace prints beside descriptors.
 */
import { StepName, type CallEvent } from '../model/event.ts';
import type { TracedCall } from '../parse/strace.ts';

export interface Socket {
  /** Event id of the socket(2) or accept(2) that made it. */
  readonly id: string;
  readonly host: string;
  readonly protocol: 'tcp' | 'udp';
  readonly fd: number;
  /** `10.0.0.1:40000` each, once known. */
  local?: string;
  peer?: string;
  readonly madeNs: number;
  readonly calls: CallEvent[];
}

const stepNames = {
  socket: ['socket'],
  bind: ['bind'],
  listen: ['listen'],
  connect: ['connect'],
  accept: ['accept', 'accept4'],
  send: ['write', 'writev', 'sendto', 'sendmsg', 'sendmmsg'],
  receive: ['read', 'readv', 'recvfrom', 'recvmsg', 'recvmmsg'],
  shutdown: ['shutdown'],
  close: ['close'],
} as const satisfies Record<StepName, readonly string[]>;

/** The step that a call is, by its name. */
const steps: ReadonlyMap<string, StepName> = new Map(
  StepName.options.flatMap((step) => stepNames[step].map((name) => [name, step] as const)),
);

/** The Internet sockets of one program, and its calls with `socket`, `protocol`, `step` and addresses filled in. */
export function followSockets(traced: readonly TracedCall[]): { sockets: Socket[]; calls: CallEvent[] } {
  const sockets: Socket[] = [];
  const open = new Map<number, Socket>();
  const calls = traced.map(({ call, label, made }) => {
    const socket = call.name === 'socket' ? undefined : open.get(call.fd ?? -1);
    if (socket !== undefined) learn(socket, call, label);
    const fresh =
      made?.kind === 'socket' && call.returned !== undefined ? protocolOf(made.protocol) : undefined;
    let own = socket;
    if (
      fresh !== undefined &&
      call.returned !== undefined &&
      (call.name === 'socket' || call.name.startsWith('accept'))
    ) {
      const { id, host, atNs: madeNs, returned: fd } = call;
      const another: Socket = { id, host, protocol: fresh, fd, madeNs, calls: [] };
      if (made?.kind === 'socket') note(another, made.local, made.peer);
      sockets.push(another);
      open.set(fd, another);
      own ??= another;
    }
    if (call.name === 'close' && socket !== undefined) open.delete(socket.fd);
    if (own === undefined) return call;
    const step = steps.get(call.name);
    const about: CallEvent = { ...call, socket: own.id, protocol: own.protocol, ...(step && { step }) };
    own.calls.push(about);
    return about;
  });
  // Addresses are often learned later than they were set: the kernel chooses a port within connect(2).
  const byId = new Map(sockets.map((socket) => [socket.id, socket]));
  for (const call of calls) {
    const socket = byId.get(call.socket ?? '');
    if (socket?.local !== undefined) call.local = socket.local;
    if (socket?.peer !== undefined) call.peer = socket.peer;
  }
  return { sockets, calls };
}

const protocolOf = (name: string): 'tcp' | 'udp' | undefined => {
  if (name === 'TCP') return 'tcp';
  return name === 'UDP' ? 'udp' : undefined;
};

function learn(socket: Socket, call: CallEvent, label: TracedCall['label']): void {
  if (label?.kind === 'socket') note(socket, label.local, label.peer);
  if (call.returned === undefined || (call.returned < 0 && call.errno !== 'EINPROGRESS')) return;
  if (call.name === 'getsockname' || call.name === 'bind') note(socket, call.address, undefined);
  if (call.name === 'getpeername' || call.name === 'connect') note(socket, undefined, call.address);
}

/** strace remembers a label, so a later one may say less: `0.0.0.0:40000` never replaces `10.0.0.1:40000`. */
function note(socket: Socket, local: string | undefined, peer: string | undefined): void {
  if (local !== undefined && better(socket.local, local)) socket.local = local;
  if (peer !== undefined && better(socket.peer, peer)) socket.peer = peer;
}

const better = (known: string | undefined, said: string): boolean =>
  known === undefined ||
  known.endsWith(':0') ||
  (known.startsWith('0.0.0.0:') && !said.startsWith('0.0.0.0:'));
