/** An event in a few words, for a row of a table or a label in a diagram. */
import type { Event } from '../../../model/event.ts';
import { sayCall, sayPacket } from '../../cell.ts';

export function say(event: Event): string {
  switch (event.kind) {
    case 'call': {
      const text = sayCall(event);
      return text.startsWith(event.name) ? text : `${event.name} ${text}`;
    }
    case 'packet':
      return `${event.packet.protocol === 'tcp' && event.packet.payloadLength > 0 ? 'data ' : ''}${sayPacket(event)}`;
    case 'output':
      return event.text;
    case 'signal':
      return event.name;
    case 'exit':
      return event.signal === undefined ? `exit ${event.status ?? '?'}` : `killed by ${event.signal}`;
    case 'socket':
      return `${event.protocol} ${event.state} ${event.local} ${event.peer}`;
    case 'counter':
      return `${event.name} ${event.change > 0 ? '+' : ''}${event.change}`;
    case 'kernel':
      return [event.name, ...tell(event.fields)].join(' ');
    default:
      return unreachable(event);
  }
}

/** What tells most of a kernel event, where it has it. */
const telling = ['function', 'oldstate', 'newstate', 'reason', 'len', 'next_comm'];

const tell = (fields: Readonly<Record<string, string>>): string[] =>
  telling.flatMap((name) => fields[name]?.replace(/^TCP_/, '') ?? []);

function unreachable(event: never): never {
  throw new Error(`no words for ${JSON.stringify(event)}`);
}
