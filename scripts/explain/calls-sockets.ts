/** Calls that make, name, connect and end sockets. What they carry: calls-transfer.ts; their options: calls-options.ts. */
import { field, type Call } from 'strace-parser';
import { ifNonBlocking, socketKind } from './socket-kind.ts';
import type { Teller } from './outcome.ts';
import { address, descriptor, localOf, peerOf, portOf, protocolOf } from './places.ts';
import { argument, names, namesIn, numberOf } from './reading.ts';

export const socketCalls: Readonly<Record<string, readonly [Teller, source: string]>> = {
  socket: [
    (call) => {
      const kind = socketKind(call);
      return [
        `asks for ${kind}`,
        `makes ${kind}${ifNonBlocking(call, 1)}: descriptor ${call.returned?.value}`,
      ];
    },
    'socket(2)',
  ],
  socketpair: [
    (call) => {
      const kind = 'two sockets connected with each other';
      const pair = argument(call, 3);
      const ends = pair?.type === 'array' ? pair.items.map((end) => numberOf(end)).join(' and ') : '…';
      return [`asks for ${kind}`, `makes ${kind}${ifNonBlocking(call, 1)}: descriptors ${ends}`];
    },
    'socketpair(2)',
  ],
  bind: [bind, 'bind(2)'],
  listen: [
    (call) => {
      const backlog = `up to ${numberOf(argument(call, 1)) ?? 'some'} of them, made by the kernel, wait for accept(2)`;
      const where = descriptor(argument(call, 0));
      return [`wants to take connections at ${where}`, `lets others connect to ${where}: ${backlog}`];
    },
    'listen(2)',
  ],
  connect: [connect, 'connect(2)'],
  accept: [accept, 'accept(2)'],
  accept4: [accept, 'accept(2)'],
  getsockname: [
    (call) => {
      const asks = `asks for the local address of ${descriptor(argument(call, 0))}`;
      return [asks, `${asks}: ${address(argument(call, 1)) ?? 'it has none'}`];
    },
    'getsockname(2)',
  ],
  getpeername: [
    (call) => {
      const asks = `asks for the address of the other side of ${descriptor(argument(call, 0))}`;
      return [asks, `${asks}: ${address(argument(call, 1)) ?? 'it has none'}`];
    },
    'getpeername(2)',
  ],
  shutdown: [shutdown, 'shutdown(2)'],
  close: [close, 'close(2)'],
};

function bind(call: Call): readonly [string, string] {
  const where = argument(call, 1);
  const at = address(where) ?? 'an address';
  const protocol = protocolOf(call);
  const attempt = `asks for the address ${at}`;
  const family = namesIn(field(where, 'sa_family'))[0]?.name;
  if (family === 'AF_UNIX') return [`wants to be reachable as ${at}`, `makes the socket reachable as ${at}`];
  if (family === 'AF_NETLINK') return [attempt, 'takes a netlink address: the kernel can answer this socket'];
  const [ip] = at.split(' port ');
  const all = ip === '0.0.0.0' || ip === '::' ? `all of the host’s addresses` : `the address ${ip}`;
  const port =
    portOf(where) === 0 ? 'a free port that the kernel chooses' : `port ${portOf(where) ?? 'unknown'}`;
  const queue = protocol === 'UDP' ? '; datagrams to it are kept for the program from now on' : '';
  return [attempt, `takes ${all} and ${port} for ${descriptor(argument(call, 0))}${queue}`];
}

function connect(call: Call): readonly [string, string] {
  const to = argument(call, 1);
  const at = address(to) ?? 'an address';
  const protocol = protocolOf(call);
  const family = namesIn(field(to, 'sa_family'))[0]?.name;
  if (family === 'AF_UNSPEC') {
    return [
      'wants to dissolve the connection of the socket',
      'dissolves what connect(2) has set: the socket has no peer again',
    ];
  }
  if (protocol === 'UDP') {
    const attempt = `wants to make ${at} the peer of the UDP socket`;
    const set = `makes ${at} the peer of the UDP socket; nothing is sent`;
    return portOf(to) === 0
      ? [attempt, `${set}: with port 0 this only finds out which of its own addresses the host would use`]
      : [attempt, `${set}, and only that peer’s datagrams are let in from now on`];
  }
  if (protocol === 'TCP') {
    return [
      `asks ${at} for a connection`,
      `asks ${at} for a connection; the handshake is over when the call returns`,
    ];
  }
  return [`asks ${at} for a connection`, `connects the socket to ${at}`];
}

function accept(call: Call): readonly [string, string] {
  const at = descriptor(argument(call, 0));
  const { returned } = call;
  const from = peerOf(returned?.target) ?? address(argument(call, 1));
  const whose = from === undefined ? '' : ` from ${from}`;
  const made = `a new socket${ifNonBlocking(call, 3)}, descriptor ${returned?.value}`;
  return [
    `asks for the next connection at ${at}`,
    `takes the next connection${whose} out of the queue: ${made}`,
  ];
}

function shutdown(call: Call): readonly [string, string] {
  const where = descriptor(argument(call, 0));
  const how = names(call, 1)[0] ?? 'unknown';
  const tcp = protocolOf(call) === 'TCP';
  const fin = tcp ? ': the kernel sends a FIN behind what is still to be sent' : '';
  switch (how) {
    case 'SHUT_WR':
      return [`wants to end sending on ${where}`, `ends sending on ${where}${fin}; it may still read`];
    case 'SHUT_RD':
      return [`wants to end reading on ${where}`, `ends reading on ${where}; the other side is not told`];
    case 'SHUT_RDWR':
      return [`wants to end ${where} both ways`, `ends ${where} both ways${fin}; the descriptor stays open`];
    default:
      return [`wants to shut ${where} down`, `shuts ${where} down`];
  }
}

function close(call: Call): readonly [string, string] {
  const value = argument(call, 0);
  const fd = `descriptor ${numberOf(value) ?? 'unknown'}`;
  const target = value?.type === 'descriptor' ? value.target : undefined;
  const where = descriptor(value);
  const attempt = `wants to give back ${fd}`;
  const shown = where.includes(fd) ? where : `${fd}, ${where}`;
  const given = `gives back ${where === fd ? fd : shown}`;
  if (protocolOf(call) === 'UDP') return [attempt, `${given}; no packet tells the other side`];
  if (protocolOf(call) !== 'TCP') return [attempt, given];
  if (peerOf(target) !== undefined) {
    const end =
      'unless others have it too, the kernel now ends it: FIN, if none was sent, or RST, if data was left unread';
    return [attempt, `${given}; ${end}`];
  }
  return [attempt, localOf(target) === undefined ? given : `${given}; connections accepted from it live on`];
}
