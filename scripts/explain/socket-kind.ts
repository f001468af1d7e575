/** What socket(2) makes, by its three arguments. */
import type { Call } from 'strace-parser';
import { names } from './reading.ts';

export function socketKind(call: Call): string {
  const [family = 'an unknown family'] = names(call, 0);
  const types = names(call, 1);
  const type = types.find((name) => name in typeNames) ?? 'an unknown type';
  const protocol = names(call, 2)[0] ?? '0';
  const version = { AF_INET: 'IPv4', AF_INET6: 'IPv6' }[family];
  if (version !== undefined) {
    const kind = internet[`${type} ${protocol}`] ?? internet[type];
    if (kind !== undefined) return `a ${kind} socket (${version})`;
  }
  if (family === 'AF_UNIX') return `a local socket (${typeNames[type] ?? type})`;
  if (family === 'AF_NETLINK') return `a netlink socket, to talk with the kernel (${protocol})`;
  if (family === 'AF_PACKET') return 'a packet socket, which sees whole packets of a network interface';
  return `a socket of ${family} and ${type}`;
}

/** Protocol 0 (strace 6 prints IPPROTO_IP) means the type's usual one: ip(7). */
const internet: Readonly<Record<string, string>> = {
  'SOCK_STREAM IPPROTO_IP': 'TCP',
  'SOCK_STREAM IPPROTO_TCP': 'TCP',
  'SOCK_STREAM IPPROTO_MPTCP': 'Multipath TCP',
  'SOCK_STREAM IPPROTO_SCTP': 'SCTP',
  'SOCK_DGRAM IPPROTO_IP': 'UDP',
  'SOCK_DGRAM IPPROTO_UDP': 'UDP',
  'SOCK_DGRAM IPPROTO_ICMP': 'ping',
  'SOCK_DGRAM IPPROTO_ICMPV6': 'ping',
  SOCK_RAW: 'raw',
};

const typeNames: Readonly<Record<string, string>> = {
  SOCK_STREAM: 'stream',
  SOCK_DGRAM: 'datagrams',
  SOCK_SEQPACKET: 'datagrams in order',
  SOCK_RAW: 'raw',
};

/** ` that does not block`, from the flags of socket, socketpair and accept4. */
export const ifNonBlocking = (call: Call, at: number): string =>
  names(call, at).includes('SOCK_NONBLOCK') ? ' that does not block' : '';
