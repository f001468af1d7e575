/** What the tables do not know of an event: calls, constants, flags, types, functions, counters, states. Empty where all is explained. */
import type { Call } from 'strace-parser';
import type { Event } from '../model/event.ts';
import type { Packet } from '../model/packet.ts';
import { dropReasons } from './drop-reasons.ts';
import { errnoOfNumber } from './errno-numbers.ts';
import { unexplained } from './explain-call.ts';
import { counterEntry } from './explain-counter.ts';
import { explainFunction } from './functions.ts';
import { icmpMessages } from './icmp.ts';
import { explainSignal } from './signals.ts';
import { kernelState, socketStates } from './socket-states.ts';
import { tcpFlags } from './tcp-flags.ts';
import { tracepoints } from './tracepoints.ts';

/** @param call the line of the strace log that a call event was made from */
export function unexplainedIn(event: Event, call?: Call): string[] {
  switch (event.kind) {
    case 'call':
      return call === undefined ? [event.id] : unexplained(call);
    case 'packet':
      return ofPacket(event.packet);
    case 'signal':
      return explainSignal(event.name) === undefined ? [event.name] : [];
    case 'exit':
      return event.signal !== undefined && explainSignal(event.signal) === undefined ? [event.signal] : [];
    case 'socket':
      return missing(socketStates, `${event.protocol} ${event.state}`);
    case 'counter':
      return counterEntry(event.name) === undefined ? [event.name] : [];
    case 'kernel': {
      const { fields } = event;
      const reason = fields['reason'];
      const error = fields['error'] ?? fields['rc'] ?? '0';
      return [
        ...missing(tracepoints, event.name),
        ...[...event.stack, ...event.beyond].filter((name) => explainFunction(name) === undefined),
        ...[fields['oldstate'], fields['newstate']].flatMap((state) =>
          state === undefined ? [] : missing(socketStates, `tcp ${kernelState(state)}`),
        ),
        ...(reason === undefined ? [] : missing(dropReasons, reason)),
        ...(error !== '0' && errnoOfNumber(error) === undefined ? [`error ${error}`] : []),
      ];
    }
    case 'output':
      return [];
    default:
      return event satisfies never;
  }
}

function ofPacket(packet: Packet): string[] {
  if (packet.protocol === 'tcp') return packet.flags.split(' ').flatMap((flag) => missing(tcpFlags, flag));
  if (packet.protocol !== 'icmp') return [];
  const { type, code } = packet;
  return Object.hasOwn(icmpMessages, String(type)) ? [] : missing(icmpMessages, `${type}/${code}`);
}

const missing = (table: Readonly<Record<string, unknown>>, key: string): string[] =>
  Object.hasOwn(table, key) ? [] : [key];
