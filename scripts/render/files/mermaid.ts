/**
 * A scene as a Mermaid sequence diagram: programs, their kernels, and the wire between them, in order of time. A call is an arrow
 * into the kernel, and one back where something happened before it returned.
 */
import type { Timeline } from '../../correlate/timeline.ts';
import type { CallEvent, PacketEvent } from '../../model/event.ts';
import { sayPacket } from '../cell.ts';
import { bytesVisible, visible } from '../paint.ts';

/** More than a page shows: the middle is told in a note. */
const mostMessages = 48;

interface Message {
  readonly atNs: number;
  readonly from: string;
  readonly arrow: '->>' | '-->>' | '-x';
  readonly to: string;
  readonly text: string;
  /** The message that returns from this one, if it is a call. */
  readonly back?: Message;
}

export function mermaidOf({ events, scene }: Timeline): string[] {
  const hosts = scene.hosts.map(({ name }) => name);
  const messages = events
    .flatMap((event) => {
      if (event.kind === 'packet') return packetMessage(event, scene);
      return event.kind === 'call' && isStep(event) ? callMessages(event) : [];
    })
    .toSorted((one, other) => one.atNs - other.atNs);
  const lines = joined(messages).map(
    ({ from, arrow, to, text }) => `  ${from}${arrow}${to}: ${mermaidText(text)}`,
  );
  return [
    'sequenceDiagram',
    ...hosts.flatMap((host, index) => participants(host, index)),
    ...shortened(lines, program(hosts[0] ?? ''), program(hosts.at(-1) ?? '')),
  ];
}

/** `client program`, `client kernel`; on the other side of the wire the kernel comes first. */
function participants(host: string, index: number): string[] {
  const both = [
    `  participant ${program(host)} as ${host} program`,
    `  participant ${kernel(host)} as ${host} kernel`,
  ];
  return index === 0 ? both : both.toReversed();
}

/** A host's name is a word of the lab's own. */
const program = (host: string): string => `${host}_program`;
const kernel = (host: string): string => `${host}_kernel`;

/** Looks that find nothing more belong to the call before them. */
const isStep = ({ socket, step, errno }: CallEvent): boolean =>
  socket !== undefined && step !== undefined && errno !== 'EAGAIN';

function callMessages(call: CallEvent): Message[] {
  const [from, to] = [program(call.host), kernel(call.host)];
  const text = `${call.name} ${sayArguments(call)}`.trim();
  if (call.returned === undefined)
    return [{ atNs: call.atNs, from, arrow: '->>', to, text: `${text}, which never returns` }];
  const untilNs = call.untilNs ?? call.atNs + (call.durationNs ?? 0);
  const back: Message = { atNs: untilNs, from: to, arrow: '-->>', to: from, text: sayResult(call) };
  return [{ atNs: call.atNs, from, arrow: '->>', to, text, back }, back];
}

function packetMessage(event: PacketEvent, scene: Timeline['scene']): Message[] {
  const address = event.to.split(':')[0];
  const receiver = scene.hosts.find((host) => host.address === address)?.name;
  const [sender] = scene.hosts.filter(({ name }) => name === event.host);
  if (receiver === undefined || sender === undefined) return [];
  const arrived = event.sightings.some(({ host }) => host === receiver);
  const text = arrived ? sayPacket(event) : `${sayPacket(event)}, which does not arrive`;
  return [
    {
      atNs: event.atNs,
      from: kernel(sender.name),
      arrow: arrived ? '->>' : '-x',
      to: kernel(receiver),
      text,
    },
  ];
}

/** A call and its return are one arrow where nothing lies between them. */
function joined(messages: readonly Message[]): Message[] {
  const all: Message[] = [];
  for (let at = 0; at < messages.length; at += 1) {
    const message = messages[at];
    if (message === undefined) continue;
    const { back } = message;
    if (back !== undefined && messages[at + 1] === back) {
      all.push({ ...message, text: `${message.text} ${back.text}` });
      at += 1;
    } else all.push(message);
  }
  return all;
}

function sayArguments({ step, address, flags, value, data, bytes, fd, peer }: CallEvent): string {
  switch (step) {
    case 'socket':
    case 'shutdown':
      return flags?.split('|')[0] ?? '';
    case 'bind':
    case 'connect':
      return address ?? '';
    case 'listen':
      return `backlog ${value ?? '?'}`;
    case 'send':
      return `${shortBytes(data, bytes)}${address === undefined ? '' : ` to ${address}`}`;
    case 'close':
      return `fd ${fd ?? '?'}${peer === undefined ? '' : ` (${peer})`}`;
    case 'accept':
    case 'receive':
    case undefined:
      return '';
    default:
      return unreachable(step);
  }
}

function sayResult({ step, returned, errno, data, bytes, address }: CallEvent): string {
  if (errno !== undefined) return `= ${returned ?? '?'} ${errno}`;
  if (step === 'socket' || step === 'accept')
    return `= fd ${returned ?? '?'}${step === 'accept' && address !== undefined ? ` from ${address}` : ''}`;
  if (step !== 'receive') return `= ${returned ?? '?'}`;
  const what = bytes === 0 ? '' : ` ${shortBytes(data, bytes)}`;
  return `= ${returned ?? '?'}${what}${address === undefined ? '' : ` from ${address}`}`;
}

function shortBytes(data: string | undefined, bytes: number | undefined): string {
  if (data === undefined || data.length > 16) return `${bytes ?? '?'} bytes`;
  return `"${bytesVisible(data)}"`;
}

function shortened(lines: readonly string[], first: string, last: string): string[] {
  if (lines.length <= mostMessages) return [...lines];
  const head = Math.ceil(mostMessages * 0.75);
  const tail = mostMessages - head;
  return [
    ...lines.slice(0, head),
    `  Note over ${first},${last}: ${lines.length - mostMessages} more, which trace.perfetto.json shows`,
    ...lines.slice(-tail),
  ];
}

/** Letters, digits and a few signs as they are; all else as the entity codes that Mermaid has for it: `#59;`. */
export const mermaidText = (text: string): string =>
  visible(text).replace(/[^A-Za-z0-9 .,:()=/_?-]/gu, (sign) => `#${sign.codePointAt(0) ?? 0};`);

function unreachable(step: never): never {
  throw new Error(`no words for ${JSON.stringify(step)}`);
}
