/** What is known of a packet beyond its bytes: which call sent it, which took it in, who else saw it. */
import type { Event, PacketEvent } from '../../model/event.ts';
import { refer } from '../ledger.ts';
import { originOf, sayCall, sayCertainty } from './origin.ts';

export function commentOn(event: PacketEvent, find: (id: string) => Event | undefined): string {
  const reader = find(event.receivedBy ?? '');
  const seen = event.sightings.map(({ source, line }) => refer(source, line)).join(' ');
  return [
    sentBy(event, find),
    ...(reader?.kind === 'call' ? [`received by ${reader.host}’s ${sayCall(reader)}`] : []),
    ...(event.repeats === undefined ? [] : [`repeats ${event.repeats}`]),
    `seen as ${seen}`,
  ].join('\n');
}

function sentBy(event: PacketEvent, find: (id: string) => Event | undefined): string {
  const { cause, host } = event;
  if (cause === undefined) return `sent by ${host}’s kernel; nothing recorded says why`;
  const { first, through } = originOf(event, find);
  const [before] = through;
  const begun = sayFirst(first);
  const sure = `(${sayCertainty(cause)})`;
  if (before === undefined) return `sent by ${begun} ${sure}`;
  const how = cause.by === 'timer' ? `again, for ${before.id}` : `in answer to ${before.id}`;
  return `sent by ${host}’s kernel ${how} ${sure}${begun === '' ? '' : `; it began with ${begun}`}`;
}

function sayFirst(event: Event | undefined): string {
  if (event?.kind === 'call') return `${event.host}’s ${sayCall(event)}`;
  if (event?.kind === 'exit')
    return `the end of ${event.host}’s pid ${event.pid}, ${event.source}:${event.line}`;
  return '';
}
