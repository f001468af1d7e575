/**
 * The steps of the sockets API on each host, in order, each with the packets that belong to it: those it sent,
 * those it took in, and what the kernels answered to them.
 */
import type { CallEvent, PacketEvent, StepName } from '../model/event.ts';

export interface Step {
  readonly host: string;
  readonly name: StepName;
  readonly protocol: 'tcp' | 'udp';
  /** The call itself, then what belongs to it: SO_ERROR after a connect, the empty second look after a receive. */
  readonly calls: CallEvent[];
  readonly packets: PacketEvent[];
}

/** Packets that no step of the host explains: shown, never dropped. */
export interface HostSteps {
  readonly host: string;
  readonly steps: Step[];
  readonly rest: PacketEvent[];
}

export function stepsOf(
  host: string,
  address: string,
  calls: readonly CallEvent[],
  packets: readonly PacketEvent[],
): HostSteps {
  const steps: Step[] = [];
  const stepOfCall = new Map<string, Step>();
  const socketCalls = calls.filter((call) => call.host === host && call.socket !== undefined);
  for (const call of socketCalls.toSorted((one, other) => one.atNs - other.atNs)) {
    const home = belongsTo(call, steps);
    if (home !== undefined) home.calls.push(call);
    const { step: name, protocol } = call;
    if (home === undefined && (name === undefined || protocol === undefined)) continue;
    const step = home ?? {
      host,
      name: name ?? 'socket',
      protocol: protocol ?? 'tcp',
      calls: [call],
      packets: [],
    };
    if (home === undefined) steps.push(step);
    stepOfCall.set(call.id, step);
  }

  const byId = new Map(packets.map((packet) => [packet.id, packet]));
  /** A packet's step; one the kernel answered with belongs where the packet it answers does. */
  const find = (event: PacketEvent, depth = 0): Step | undefined => {
    const taken = event.host === host ? undefined : stepOfCall.get(event.receivedBy ?? '');
    const sent = event.host === host ? stepOfCall.get(event.cause?.event ?? '') : undefined;
    if (taken !== undefined || sent !== undefined) return taken ?? sent;
    const before = byId.get(event.cause?.event ?? event.repeats ?? '');
    if (before !== undefined && depth < 100) return find(before, depth + 1);
    return finStep(event, steps);
  };
  const rest: PacketEvent[] = [];
  const own = packets.filter(({ host: sender, to }) => sender === host || to.split(':')[0] === address);
  for (const event of own) {
    const step = find(event);
    if (step === undefined) rest.push(event);
    else step.packets.push(event);
  }
  return { host, steps, rest };
}

/** The step that a call only goes on with, if any. */
function belongsTo(call: CallEvent, steps: readonly Step[]): Step | undefined {
  const last = (...names: StepName[]) =>
    steps.findLast((step) => names.includes(step.name) && step.calls[0]?.socket === call.socket);
  if (call.name === 'getsockopt' && call.flags === 'SO_ERROR') return last('connect');
  // The library asks until the kernel has no more: EAGAIN is the end of a receive or an accept, not another.
  if (call.errno === 'EAGAIN' && call.step !== undefined) return last(call.step);
  // The end of the stream, to somebody who has ended it already.
  if (call.step === 'receive' && call.returned === 0 && call.protocol === 'tcp') return last('shutdown');
  return undefined;
}

/** The peer's FIN to a host that never reads again: it ends what this host's own FIN began. */
function finStep(event: PacketEvent, steps: readonly Step[]): Step | undefined {
  if (event.packet.protocol !== 'tcp' || !event.packet.flags.includes('FIN')) return undefined;
  return steps.findLast(
    ({ name, calls: [call] }) =>
      (name === 'shutdown' || name === 'close') && call?.local === event.to && call.peer === event.from,
  );
}
