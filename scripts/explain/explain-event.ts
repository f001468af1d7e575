/** One event in plain words. Its subject is the program of a call, the host of all else. */
import type { Call } from 'strace-parser';
import type { Event, EventOf } from '../model/event.ts';
import { explainCall, feltNs } from './explain-call.ts';
import { explainCounter } from './explain-counter.ts';
import { explainEnd, explainOutput, explainSignalEvent } from './explain-end.ts';
import { explainKernel } from './explain-kernel.ts';
import { explainPacket } from './explain-packet.ts';
import { explainSocket } from './explain-socket.ts';
import type { Explanation } from './explanation.ts';
import { printable } from './reading.ts';
import type { Story } from './story.ts';

/** @param call the line of the strace log that a call event was made from */
export function explainEvent(event: Event, story: Story, call?: Call): Explanation {
  const { text, ...rest } = contentOf(event, story, call);
  return { text: printable(text), ...rest };
}

function contentOf(event: Event, story: Story, call?: Call): Explanation {
  switch (event.kind) {
    case 'call':
      return call === undefined
        ? { text: `calls ${event.name}`, source: 'syscalls(2)', words: [] }
        : explainLike(withPlaces(call, event), call);
    case 'packet':
      return explainPacket(event, story);
    case 'output':
      return explainOutput(event);
    case 'signal':
      return explainSignalEvent(event);
    case 'exit':
      return explainEnd(event);
    case 'socket':
      return explainSocket(event);
    case 'counter':
      return explainCounter(event);
    case 'kernel':
      return explainKernel(event, story);
    default:
      return unreachable(event);
  }
}

/** By what a line says. Programs start alike: two of three calls of a run have been made before, to the letter. */
const explained = new Map<string, Explanation>();
/** A line may be as long as what a program reads; and a run may have any number of lines. */
const [longestLine, mostLines] = [400, 20_000];

/** @param logged the call as the log has it: `call` may know more */
function explainLike(call: Call, logged: Call): Explanation {
  const { name, state, argsText, returned, durationNs = 0 } = call;
  if (call !== logged || argsText.length > longestLine || durationNs >= feltNs) return explainCall(call);
  const line = `${name}(${argsText}) ${state} ${returned?.text ?? ''}`;
  const known = explained.get(line) ?? explainCall(call);
  if (explained.size >= mostLines) explained.clear();
  explained.set(line, known);
  return known;
}

const onPeer: ReadonlySet<string> = new Set(['send', 'receive', 'shutdown', 'close']);

/**
 * With -yy strace remembers the first label of a UDP socket, which says nothing of what connect(2) has set since. The timeline
 * knows.
 */
function withPlaces(call: Call, { protocol, local, peer, step }: EventOf<'call'>): Call {
  const [first, ...rest] = call.args;
  if (
    protocol !== 'udp' ||
    peer === undefined ||
    step === undefined ||
    !onPeer.has(step) ||
    first?.type !== 'descriptor'
  )
    return call;
  const { target } = first;
  if (target.kind !== 'socket' || target.peer !== undefined) return call;
  const known = { ...first, target: { ...target, peer, ...(local !== undefined && { local }) } };
  return {
    ...call,
    argsText: call.argsText,
    args: [known, ...rest],
    ...(call.returned && { returned: call.returned }),
  };
}

function unreachable(event: never): never {
  throw new Error(`no explanation for ${JSON.stringify(event)}`);
}
