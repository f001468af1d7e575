/** What a cell of the step table says: the call of a step in a few words, and its packets. */
import type { Step } from '../correlate/steps.ts';
import type { CallEvent, PacketEvent } from '../model/event.ts';
import { bytesVisible } from './paint.ts';

/** `callCell`, and of a close that tells nobody that it does so. */
export const sayStep = (step: Step): string =>
  step.name === 'close' && step.protocol === 'udp' && step.packets.length === 0
    ? `${callCell(step)}, nothing on the wire`
    : callCell(step);

/** `sendmsg "HELLO!!" → 7`. */
export function callCell(step: Step): string {
  const [call, ...more] = step.calls;
  if (call === undefined) return '';
  return [sayCall(call), ...more.flatMap(sayFollowing)].join(', ');
}

/** A call alone. */
export function sayCall(call: CallEvent): string {
  const result = resultOf(call);
  switch (call.step) {
    case 'socket':
      return `${call.flags?.split('|')[0] ?? ''} → ${call.returned === undefined || call.returned < 0 ? result : `fd ${call.returned}`}`;
    case 'bind':
      return `${call.address ?? ''} → ${result}${note(call)}`;
    case 'listen':
      return `backlog ${call.value ?? '?'} → ${result}`;
    case 'connect':
      return call.returned === undefined
        ? 'never returned'
        : `${call.address ?? call.family ?? ''} → ${result}`;
    case 'accept':
      return call.returned === undefined || call.returned < 0
        ? `${call.name} → ${result}`
        : `${call.name} → fd ${call.returned}`;
    case 'send':
      return `${call.name} ${bytesOf(call)}${call.address === undefined ? '' : ` to ${call.address}`} → ${result}`;
    case 'receive': {
      if (call.returned === 0 && call.protocol === 'tcp') return `${call.name} → 0, end of stream`;
      const from = call.address === undefined ? '' : ` from ${call.address}`;
      return `${call.name} → ${result} ${bytesOf(call)}${from}`;
    }
    case 'shutdown':
      return `${call.flags ?? ''} → ${result}`;
    case 'close':
      return `fd ${call.fd ?? '?'} → ${result}`;
    case undefined:
      return `${call.name} → ${result}`;
    default:
      return unreachable(call.step);
  }
}

/** Nobody asked for this bind: the runtime's own, with any address and a port of the kernel's choice. */
const note = ({ address }: CallEvent) => (address === '0.0.0.0:0' ? ' (any address, any port)' : '');

/** The calls that a step goes on with. */
function sayFollowing(call: CallEvent): string[] {
  if (call.flags === 'SO_ERROR') return [`then SO_ERROR ${call.value ?? ''}`];
  if (call.errno === 'EAGAIN') return [`then ${call.name} EAGAIN`];
  return [`then ${call.name} ${resultOf(call)}`];
}

const resultOf = ({ returned, errno }: CallEvent): string =>
  returned === undefined ? `? ${errno ?? ''}`.trim() : `${returned}${errno === undefined ? '' : ` ${errno}`}`;

/** The payload, as far as it fits. */
function bytesOf({ data, bytes }: CallEvent): string {
  if (data === undefined || data === '') return bytes === undefined ? '' : `${bytes} bytes`;
  const text = bytesVisible(data);
  return text.length <= 16 ? `"${text}"` : `"${cut(data, 12)}"…`;
}

/** As many bytes as fit, whole escapes. */
function cut(data: string, width: number): string {
  let text = '';
  for (const byte of data) {
    if (text.length + bytesVisible(byte).length > width) break;
    text += bytesVisible(byte);
  }
  return text;
}

/** `→ SYN   ← SYN ACK   → ACK`, as the host sees it: → leaves it, ← arrives. */
export const wireCell = (host: string, packets: readonly PacketEvent[]): string[] =>
  packets.map((event) => `${event.host === host ? '→' : '←'} ${sayPacket(event)}`);

/** A packet in a word or two: `SYN ACK`, `7 bytes`. */
export function sayPacket({ packet, repeats }: Pick<PacketEvent, 'packet' | 'repeats'>): string {
  const again = repeats === undefined ? '' : ' again';
  switch (packet.protocol) {
    case 'tcp': {
      // The kernel's log prints ACK first; people say SYN ACK and FIN ACK.
      const flags = packet.flags.replace(/^ACK (SYN|FIN|RST)/, '$1 ACK').replace('ACK PSH', 'PSH ACK');
      return `${packet.payloadLength > 0 ? `${packet.payloadLength} bytes` : flags}${again}`;
    }
    case 'udp':
      return `${packet.payloadLength} bytes`;
    case 'icmp':
      return sayIcmp(packet.type, packet.code);
    case 'arp':
      return packet.operation === 'request' ? 'ARP?' : 'ARP';
    case 'other':
      return packet.what;
    default:
      return unreachable(packet);
  }
}

export const sayIcmp = (type: number, code: number): string =>
  type === 3 && code === 3 ? 'ICMP port unreachable' : `ICMP ${type}/${code}`;

function unreachable(value: never): never {
  throw new Error(`no words for ${JSON.stringify(value)}`);
}
