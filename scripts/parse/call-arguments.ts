/** What a socket call is about, from its argument tree: address, bytes, flags, option. */
import { field, type Call, type Value } from 'strace-parser';
import type { CallEvent } from '../model/event.ts';
import { latin1 } from './bytes.ts';

type Facts = Pick<
  CallEvent,
  'fd' | 'family' | 'address' | 'path' | 'flags' | 'value' | 'data' | 'bytes' | 'left' | 'messages'
>;

export function readArguments(call: Call): Facts {
  const [first] = call.args;
  const fd =
    first?.type === 'descriptor' ? first.fd : first?.type === 'integer' ? Number(first.value) : undefined;
  return { ...(fd !== undefined && { fd }), ...factsOf(call) };
}

/** Positions of the arguments: the manual pages of the calls. */
function factsOf(call: Call): Facts {
  const { args } = call;
  switch (call.name) {
    case 'socket':
      return { ...flags(args[1]), ...family(args[0]) };
    case 'open':
      return { ...path(args[0]) };
    case 'openat':
      return { ...path(args[1]), ...flags(args[2]) };
    case 'shutdown':
      return { ...flags(args[1]) };
    case 'bind':
    case 'connect':
    case 'getsockname':
    case 'getpeername':
    case 'accept':
      return { ...address(args[1]), ...family(field(args[1], 'sa_family')) };
    case 'accept4':
      return { ...address(args[1]), ...flags(args[3]) };
    case 'listen': // the backlog
      return { ...option(call, args[1]) };
    case 'getsockopt':
    case 'setsockopt':
      return { ...flags(args[2]), ...option(call, args[3]) };
    case 'read':
      return transfer(call, () => stringsOf(args[1]));
    case 'write':
      return { ...transfer(call, () => stringsOf(args[1])), ...left(call, integer(args[2])) };
    case 'readv':
      return transfer(call, () => vector(args[1]));
    case 'writev':
      return { ...transfer(call, () => vector(args[1])), ...left(call, vectorLength(args[1])) };
    case 'sendto':
    case 'recvfrom':
      return {
        ...transfer(call, () => stringsOf(args[1])),
        ...(call.name === 'sendto' && left(call, integer(args[2]))),
        ...flags(args[3]),
        ...address(args[4]),
      };
    case 'sendmsg':
    case 'recvmsg': {
      const pieces = field(args[1], 'msg_iov');
      return {
        ...transfer(call, () => vector(pieces)),
        ...(call.name === 'sendmsg' && left(call, vectorLength(pieces))),
        ...flags(args[2]),
        ...address(field(args[1], 'msg_name')),
      };
    }
    case 'sendmmsg':
    case 'recvmmsg':
      return many(call);
    default:
      return {};
  }
}

function flags(value: Value | undefined): Pick<Facts, 'flags'> {
  return value?.type === 'flags' && value.names[0] !== 'NULL' ? { flags: value.names.join('|') } : {};
}

function family(value: Value | undefined): Pick<Facts, 'family'> {
  return value?.type === 'flags' && value.names[0] !== undefined ? { family: value.names[0] } : {};
}

const path = (value: Value | undefined): Pick<Facts, 'path'> =>
  value?.type === 'string' ? { path: latin1(value.bytes) } : {};

function option(call: Call, value: Value | undefined): Pick<Facts, 'value'> {
  if (value === undefined) return {};
  return { value: call.argsText.slice(value.start, value.end).replace(/^\[(.*)\]$/s, '$1') };
}

/** `{sa_family=AF_INET, sin_port=htons(9000), sin_addr=inet_addr("10.0.0.2")}` → `10.0.0.2:9000`; IPv4 only. */
function address(value: Value | undefined): Pick<Facts, 'address'> {
  const port = inner(field(value, 'sin_port'));
  const host = inner(field(value, 'sin_addr'));
  if (port?.type !== 'integer' || host?.type !== 'string') return {};
  return { address: `${latin1(host.bytes)}:${port.value}` };
}

const inner = (value: Value | undefined): Value | undefined =>
  value?.type === 'call' ? value.args[0] : undefined;

/** As many bytes as the call returned: a buffer may be longer than what was taken. */
function transfer(call: Call, buffer: () => string): Pick<Facts, 'data' | 'bytes'> {
  const count = Number(call.returned?.value ?? -1);
  if (count < 0) return {};
  const [file] = call.args;
  // What a program reads of files (its own source, libraries) is not about sockets, and long; what it prints is short.
  if (file?.type === 'descriptor' && file.fd > 2 && file.target.kind !== 'socket') return { bytes: count };
  return { bytes: count, data: buffer().slice(0, count) };
}

function left(call: Call, given: number): Pick<Facts, 'left'> {
  const rest = given - Math.max(0, Number(call.returned?.value ?? given));
  return rest > 0 ? { left: rest } : {};
}

const integer = (value: Value | undefined): number => (value?.type === 'integer' ? Number(value.value) : 0);

/** sendmmsg(2) and recvmmsg(2) return a number of messages, each with its length. */
function many(call: Call): Facts {
  const messages = call.args[1]?.type === 'array' ? call.args[1].items : [];
  const done = messages.slice(0, Math.max(0, Number(call.returned?.value ?? 0)));
  const data = done.map((message) => {
    const length = field(message, 'msg_len');
    const text = vector(field(field(message, 'msg_hdr'), 'msg_iov'));
    return length?.type === 'integer' ? text.slice(0, Number(length.value)) : text;
  });
  const to = address(field(field(messages[0], 'msg_hdr'), 'msg_name'));
  return {
    data: data.join(''),
    bytes: data.join('').length,
    messages: data.map(({ length }) => length),
    ...to,
  };
}

const vector = (value: Value | undefined): string =>
  value?.type === 'array' ? value.items.map((item) => stringsOf(field(item, 'iov_base'))).join('') : '';

const vectorLength = (value: Value | undefined): number =>
  value?.type === 'array' ? value.items.reduce((sum, item) => sum + integer(field(item, 'iov_len')), 0) : 0;

const stringsOf = (value: Value | undefined): string => (value?.type === 'string' ? latin1(value.bytes) : '');
