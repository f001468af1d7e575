/** Where a call goes: socket addresses, and what strace -y and -yy say of a descriptor, as phrases. */
import { field, type Call, type DescriptorValue, type Target, type Value } from 'strace-parser';
import { argument, bare, namesIn, numberOf, plain, textOf } from './reading.ts';

/** `10.0.0.2 port 9000`, `/run/socket`, `the kernel`; undefined where the value is no address. */
export function address(value: Value | undefined): string | undefined {
  const family = namesIn(field(value, 'sa_family'))[0]?.name;
  switch (family ?? '') {
    case 'AF_INET': {
      const host = bare(field(value, 'sin_addr'));
      const ip = host?.type === 'call' ? textOf(host.args[0]) : undefined;
      return ip && `${ip} port ${portOf(value)}`;
    }
    case 'AF_INET6':
      return `${ipv6(value) ?? 'an IPv6 address'} port ${portOf(value)}`;
    case 'AF_UNIX':
      return textOf(field(value, 'sun_path')) ?? 'a local socket without a name';
    case 'AF_NETLINK': {
      const pid = numberOf(field(value, 'nl_pid'));
      return pid === 0 ? 'the kernel' : `netlink port ${pid ?? 'unknown'}`;
    }
    default:
      return family === undefined ? undefined : `an address of the family ${family}`;
  }
}

export const portOf = (value: Value | undefined): number | undefined =>
  numberOf(field(value, 'sin_port') ?? field(value, 'sin6_port'));

/** strace 6 and 7 print it as a member without a name: `inet_pton(AF_INET6, "::1", &sin6_addr)`. */
function ipv6(value: Value | undefined): string | undefined {
  const address = bare(value);
  if (address?.type === 'change') return ipv6(address.after);
  if (address?.type !== 'struct') return undefined;
  for (const { value: part } of address.fields) {
    const inner = bare(part);
    if (inner?.type === 'call' && inner.name === 'inet_pton') return textOf(inner.args[1]);
  }
  return undefined;
}

/** The first argument's, or the one the call made: `TCP`, `UDP`, `UNIX`, `NETLINK`, … without `v6` and `-STREAM`. */
export function protocolOf(call: Call): string | undefined {
  const first = argument(call, 0);
  const target = first?.type === 'descriptor' ? first.target : undefined;
  return target?.kind === 'socket' ? target.protocol.replace(/v6$|-.*$/, '') : undefined;
}

export const peerOf = (target: Target | undefined): string | undefined =>
  target?.kind === 'socket' && target.peer !== undefined ? colonToPort(target.peer) : undefined;

export const localOf = (target: Target | undefined): string | undefined =>
  target?.kind === 'socket' && target.local !== undefined ? colonToPort(target.local) : undefined;

/** A descriptor as a phrase: `the TCP connection with 10.0.0.2 port 9000`, `/etc/hosts`, `standard output`. */
export function descriptor(value: Value | undefined): string {
  const inner = bare(value);
  if (inner?.type === 'change') return descriptor(inner.after);
  if (inner?.type === 'integer') return standard[Number(inner.value)] ?? `descriptor ${inner.value}`;
  if (inner?.type !== 'descriptor') return inner === undefined ? 'a descriptor' : plain(inner);
  const { fd, target } = inner;
  if (fd === -100) return 'the working directory';
  if (target.kind === 'socket' && /^(TCP|UDP)/.test(target.protocol)) return internetSocket(target);
  return standard[fd] ?? other(inner);
}

/** By convention (stdin(3)). */
const standard: Readonly<Record<number, string>> = {
  0: 'standard input',
  1: 'standard output',
  2: 'standard error',
};

/** With -yy strace remembers a UDP socket's first label: its address may be older than connect(2), its port is not. */
function internetSocket(target: Target): string {
  const protocol = target.kind === 'socket' ? target.protocol.slice(0, 3) : '';
  const [local, peer] = [localOf(target), peerOf(target)];
  if (peer !== undefined) {
    return protocol === 'TCP' ? `the TCP connection with ${peer}` : `the UDP socket connected to ${peer}`;
  }
  if (local === undefined) return `a ${protocol} socket`;
  const any = /^(?:0\.0\.0\.0|::) (port \d+)$/.exec(local);
  return any ? `the ${protocol} socket of ${any[1]}` : `the ${protocol} socket at ${local}`;
}

function other({ fd, target }: DescriptorValue): string {
  if (target.kind === 'path') {
    const kind = kinds.find(([form]) => form.test(target.path))?.[1];
    return kind === undefined ? target.path : `${kind} (descriptor ${fd})`;
  }
  if (target.kind === 'socket') {
    const kind = target.protocol === 'socket' ? 'a socket' : `a ${target.protocol} socket`;
    return `${kind} (descriptor ${fd})`;
  }
  return `${kinds.find(([form]) => form.test(target.text))?.[1] ?? 'descriptor'} (descriptor ${fd})`;
}

const kinds: readonly (readonly [RegExp, string])[] = [
  [/^<?pipe:/, 'a pipe'],
  [/eventfd/, 'an eventfd'],
  [/eventpoll/, 'an epoll instance'],
  [/io_uring/, 'an io_uring'],
  [/inotify/, 'an inotify instance'],
  [/signalfd/, 'a signalfd'],
  [/timerfd/, 'a timerfd'],
  [/pidfd/, 'a pidfd'],
  [/anon_inode/, 'a kernel object'],
];

export const isPipe = (value: Value | undefined): boolean => /^<?pipe:/.test(pathOf(value));
export const isEventfd = (value: Value | undefined): boolean => pathOf(value).includes('eventfd');

function pathOf(value: Value | undefined): string {
  const inner = bare(value);
  if (inner?.type !== 'descriptor') return '';
  return inner.target.kind === 'path' ? inner.target.path : inner.target.text;
}

/** `10.0.0.2:9000`, `[::1]:9000`, `::1:9000` → `10.0.0.2 port 9000`. */
function colonToPort(text: string): string {
  const at = text.lastIndexOf(':');
  return `${text.slice(0, at).replace(/^\[(.*)\]$/, '$1')} port ${text.slice(at + 1)}`;
}
