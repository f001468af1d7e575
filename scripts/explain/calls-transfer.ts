/** Calls that send and receive: on sockets, and read(2) and write(2) on anything. */
import { field, type Call, type Value } from 'strace-parser';
import type { Teller } from './outcome.ts';
import { address, descriptor, isEventfd, isPipe, protocolOf } from './places.ts';
import { argument, excerpt, names, namesIn, numberOf, plural, beginningOf } from './reading.ts';

export const transferCalls: Readonly<Record<string, readonly [Teller, source: string]>> = {
  read: [
    (call) => receive(call, { text: beginningOf(argument(call, 1)), room: numberOf(argument(call, 2)) }),
    'read(2)',
  ],
  readv: [(call) => receive(call, pieces(argument(call, 1))), 'readv(2)'],
  recvfrom: [
    (call) =>
      receive(call, {
        text: beginningOf(argument(call, 1)),
        room: numberOf(argument(call, 2)),
        flags: names(call, 3),
        peer: address(argument(call, 4)),
      }),
    'recv(2)',
  ],
  recvmsg: [(call) => receive(call, message(argument(call, 1), names(call, 2))), 'recv(2)'],
  recvmmsg: [(call) => many(call, 'take', 'takes', 'from'), 'recvmmsg(2)'],
  write: [
    (call) => send(call, { text: beginningOf(argument(call, 1)), room: numberOf(argument(call, 2)) }),
    'write(2)',
  ],
  writev: [(call) => send(call, pieces(argument(call, 1))), 'readv(2)'],
  sendto: [
    (call) =>
      send(call, {
        text: beginningOf(argument(call, 1)),
        room: numberOf(argument(call, 2)),
        flags: names(call, 3),
        peer: address(argument(call, 4)),
      }),
    'send(2)',
  ],
  sendmsg: [(call) => send(call, message(argument(call, 1), names(call, 2))), 'send(2)'],
  sendmmsg: [(call) => many(call, 'send', 'sends', 'to'), 'sendmmsg(2)'],
};

/** What a call carries: `room` is how much it may take or wants to give, in bytes. */
interface Load {
  /** At least as much of it as an excerpt shows. */
  readonly text: string | undefined;
  readonly room: number | undefined;
  readonly flags?: readonly string[];
  readonly peer?: string | undefined;
  /** The flags that recvmsg(2) gives back. */
  readonly marks?: readonly string[];
}

function receive(call: Call, load: Load): readonly [string, string] {
  const place = argument(call, 0);
  const where = descriptor(place);
  const count = Number(call.returned?.value ?? 0);
  const { room, flags = [], peer } = load;
  const attempt = `wants to read from ${where}`;
  if (isEventfd(place)) return [attempt, `takes the count from ${where}, with which another thread woke it`];
  if (flags.includes('MSG_ERRQUEUE')) return [attempt, `takes an entry from the error queue of ${where}`];
  const protocol = protocolOf(call);
  if (count === 0 && room !== 0) return [attempt, nothingRead(where, protocol, place)];
  const shown = excerpt(load.text, Math.min(count, room ?? count));
  const verb = flags.includes('MSG_PEEK') ? 'looks, without taking it, at' : 'takes';
  if (protocol === 'UDP') {
    const from = peer === undefined ? where : `${peer} at ${where}`;
    return [
      attempt,
      `${verb} a datagram of ${plural(count, 'byte')} from ${from}${shown}${cutOff(count, load)}`,
    ];
  }
  if (protocol === 'NETLINK') return [attempt, `${verb} an answer of the kernel, ${plural(count, 'byte')}`];
  const from = peer === undefined ? where : `${peer} at ${where}`;
  return [
    attempt,
    `${flags.includes('MSG_PEEK') ? verb : 'reads'} ${plural(count, 'byte')} from ${from}${shown}`,
  ];
}

function nothingRead(where: string, protocol: string | undefined, place: Value | undefined): string {
  const zero = `gets 0 bytes from ${where}`;
  if (protocol === 'TCP')
    return `${zero}, the end of the stream: the other side has sent its FIN, or reading was shut down here`;
  if (protocol === 'UDP')
    return `${zero}: an empty datagram, or reading was shut down here; UDP itself has no end of stream`;
  if (protocol === 'UNIX') return `${zero}: the other end has closed, or sent an empty message`;
  if (isPipe(place)) return `${zero}, the end: nobody has the writing end open any more`;
  return `${zero}: the end of it`;
}

/** What a datagram has beyond the buffer is thrown away (udp(7), MSG_TRUNC in recv(2)). */
function cutOff(count: number, { room, flags = [], marks = [] }: Load): string {
  if (room === undefined || flags.includes('MSG_PEEK')) return '';
  if (count > room) return `; the buffer holds ${room} of them, the rest is gone`;
  if (marks.includes('MSG_TRUNC')) return '; it was longer than the buffer, the rest is gone';
  return count === room ? '; the buffer is full: if there was more, it is gone' : '';
}

function send(call: Call, load: Load): readonly [string, string] {
  const place = argument(call, 0);
  const where = descriptor(place);
  const count = Number(call.returned?.value ?? 0);
  const { room, peer } = load;
  const shown = excerpt(load.text, count);
  const size = room === undefined ? 'data' : plural(room, 'byte');
  if (isEventfd(place))
    return [`wants to add to the count of ${where}`, `adds to the count of ${where}: who waits for it wakes`];
  switch (protocolOf(call) ?? '') {
    case 'UDP': {
      const to = peer === undefined ? viaPeer(where) : `${peer} from ${where}`;
      const nowhere = peer === undefined && to.startsWith('the peer of ');
      return [
        `wants to send ${size} ${nowhere ? `on ${where}` : `to ${to}`}`,
        `sends a datagram of ${plural(count, 'byte')} to ${to}${shown}`,
      ];
    }
    case 'TCP': {
      const part =
        room !== undefined && count < room ? `${count} of ${plural(room, 'byte')}` : plural(count, 'byte');
      return [`wants to send ${size} on ${where}`, `puts ${part} into the send buffer of ${where}${shown}`];
    }
    case 'NETLINK': {
      const what = namesIn(call.args[1]).find(({ name }) =>
        /^[A-Z]+_(?:GET|NEW|DEL|SET)|^SOCK_(?:DIAG|DESTROY)_/.test(name),
      )?.name;
      const request = what === undefined ? 'a request' : `the request ${what}`;
      return [`wants to send the kernel ${request}`, `sends the kernel ${request}`];
    }
    default: {
      const to = peer === undefined ? where : `${peer} through ${where}`;
      return [`wants to write ${size} to ${to}`, `writes ${plural(count, 'byte')} to ${to}${shown}`];
    }
  }
}

/** The label's peer, or, where the label is older than connect(2), only that there is one. */
const viaPeer = (where: string): string =>
  where.startsWith('the UDP socket connected to ')
    ? where.slice('the UDP socket connected to '.length)
    : `the peer of ${where}`;

function many(call: Call, infinitive: string, verb: string, way: 'to' | 'from'): readonly [string, string] {
  const list = argument(call, 1);
  const items = list?.type === 'array' ? list.items : [];
  const where = descriptor(argument(call, 0));
  const count = Number(call.returned?.value ?? 0);
  const lengths = items.slice(0, count).map((item) => numberOf(field(item, 'msg_len')) ?? '?');
  const peer = address(field(field(items[0], 'msg_hdr'), 'msg_name'));
  const other = peer === undefined ? where : `${peer} and perhaps others, at ${where}`;
  const long = lengths.length === 0 ? '' : ` (${lengths.join(', ')} bytes)`;
  const what = `${plural(count, 'datagram')}${long} in one call, ${way} ${other}`;
  return [`wants to ${infinitive} several messages in one call, ${way} ${where}`, `${verb} ${what}`];
}

function message(value: Value | undefined, flags: readonly string[]): Load {
  return {
    ...pieces(field(value, 'msg_iov')),
    flags,
    peer: address(field(value, 'msg_name')),
    marks: namesIn(field(value, 'msg_flags')).map(({ name }) => name),
  };
}

/** The buffers of an iovec as one. */
function pieces(value: Value | undefined): Load {
  const items = value?.type === 'array' ? value.items : [];
  const texts = items.map((item) => beginningOf(field(item, 'iov_base')));
  const rooms = items.map((item) => numberOf(field(item, 'iov_len')));
  const known = items.length > 0 && !(value?.type === 'array' && value.more);
  return {
    text: texts.every((text) => text !== undefined) ? texts.join('') : undefined,
    room:
      known && rooms.every((room) => room !== undefined)
        ? rooms.reduce((sum, room) => sum + room, 0)
        : undefined,
  };
}
