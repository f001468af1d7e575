/**
 * The system calls of these programs, by node:ffi: each function is libc's of the same name, and libc's is one system
 * call. Names, order of arguments and constants are those of the manual pages, section 2.
 *
 * What is different from C: an address is `{ address, port }`, a call that fails throws what errno says, and buffers
 * know their length. That is all; a socket blocks unless it was made with SOCK_NONBLOCK.
 *
 * node:ffi comes with Node and starts as fast as a program without it; koffi, a package for the same, adds 20 ms.
 */

// node:ffi says once that it is experimental: known. Any other warning goes its usual way.
const [print] = process.listeners('warning');
process.removeAllListeners('warning');
process.on('warning', (warning) => {
  if (warning.name !== 'ExperimentalWarning' || !warning.message.startsWith('FFI')) print?.(warning);
});

const { dlopen, getInt32 } = process.getBuiltinModule('node:ffi');
const [int, size, pointer] = ['int32', 'uint64', 'pointer'] as const;

const { functions: libc } = dlopen(null, {
  __errno_location: { return: pointer, arguments: [] },
  strerrorname_np: { return: pointer, arguments: [int] },
  socket: { return: int, arguments: [int, int, int] },
  bind: { return: int, arguments: [int, pointer, int] },
  listen: { return: int, arguments: [int, int] },
  accept4: { return: int, arguments: [int, pointer, pointer, int] },
  connect: { return: int, arguments: [int, pointer, int] },
  getsockname: { return: int, arguments: [int, pointer, pointer] },
  getpeername: { return: int, arguments: [int, pointer, pointer] },
  setsockopt: { return: int, arguments: [int, int, int, pointer, int] },
  getsockopt: { return: int, arguments: [int, int, int, pointer, pointer] },
  poll: { return: int, arguments: [pointer, size, int] },
  read: { return: 'int64', arguments: [int, pointer, size] },
  write: { return: 'int64', arguments: [int, pointer, size] },
  recvfrom: { return: 'int64', arguments: [int, pointer, size, int, pointer, pointer] },
  sendto: { return: 'int64', arguments: [int, pointer, size, int, pointer, int] },
  close: { return: int, arguments: [int] },
});

// <bits/socket.h>, <asm-generic/socket.h>, <poll.h>: the same numbers on every Linux that Node runs on.
export const AF_INET = 2;
export const SOCK_STREAM = 1;
export const SOCK_DGRAM = 2;
export const SOCK_NONBLOCK = 0o4000;
export const SOCK_CLOEXEC = 0o2000000;
export const SOL_SOCKET = 1;
export const SO_REUSEADDR = 2;
export const SO_ERROR = 4;
export const SO_SNDBUF = 7;
export const SO_RCVBUF = 8;
export const SO_RCVTIMEO = 20;
export const SO_SNDTIMEO = 21;
export const MSG_TRUNC = 0x20;
export const POLLOUT = 4;

/** struct sockaddr_in, ip(7). */
export interface SocketAddress {
  readonly address: string;
  readonly port: number;
}

export const say = ({ address, port }: SocketAddress): string => `${address}:${port}`;

/** A call that returned -1. */
export class SystemCallError extends Error {
  readonly call: string;
  /** By name: `ECONNREFUSED`. */
  readonly errno: string;
  constructor(call: string, about: string, errno: string) {
    super(`${call}${about === '' ? '' : ` ${about}`}: ${errno}`);
    this.call = call;
    this.errno = errno;
  }
}

/** Did a call fail with this errno? */
export const failed = (error: unknown, errno: string): boolean =>
  error instanceof SystemCallError && error.errno === errno;

/** Each thread has an errno(3) of its own, always in the same place. */
const errno = libc.__errno_location();

/** Throws if the call has failed; to be called right after it, as another call may change errno. */
function check(call: string, returned: number | bigint, about = ''): number {
  if (returned >= 0) return Number(returned);
  const number = getInt32(errno);
  throw new SystemCallError(call, about, errnoName(number));
}

/** `EAGAIN` for 11; a C string in memory that is libc's own. */
function errnoName(number: number): string {
  const { toString } = process.getBuiltinModule('node:ffi');
  const name = libc.strerrorname_np(number);
  return (name === 0n ? null : toString(name)) ?? `errno ${number}`;
}

export const socket = (domain: number, type: number, protocol = 0): number =>
  check('socket', libc.socket(domain, type, protocol));

export const bind = (sockfd: number, addr: SocketAddress): number =>
  check('bind', libc.bind(sockfd, sockaddr(addr), 16), say(addr));

export const listen = (sockfd: number, backlog: number): number =>
  check('listen', libc.listen(sockfd, backlog));

/** The descriptor of the connection, and who it is with. */
export function accept4(sockfd: number, flags = 0): { fd: number; from: SocketAddress } {
  const [addr, length] = room();
  const fd = check('accept4', libc.accept4(sockfd, addr, length, flags));
  return { fd, from: readSockaddr(addr) };
}

export const connect = (sockfd: number, addr: SocketAddress): number =>
  check('connect', libc.connect(sockfd, sockaddr(addr), 16), say(addr));

export function getsockname(sockfd: number): SocketAddress {
  const [addr, length] = room();
  check('getsockname', libc.getsockname(sockfd, addr, length));
  return readSockaddr(addr);
}

export function getpeername(sockfd: number): SocketAddress {
  const [addr, length] = room();
  check('getpeername', libc.getpeername(sockfd, addr, length));
  return readSockaddr(addr);
}

/** @param value an int, or what `timeval` makes */
export function setsockopt(sockfd: number, level: number, name: number, value: number | Buffer): number {
  const bytes = typeof value === 'number' ? int32(value) : value;
  return check('setsockopt', libc.setsockopt(sockfd, level, name, bytes, bytes.length));
}

/** The value of an option that is an int. */
export function getsockopt(sockfd: number, level: number, name: number): number {
  const [value, length] = [int32(0), int32(4)];
  check('getsockopt', libc.getsockopt(sockfd, level, name, value, length));
  return value.readInt32LE();
}

/** The name of the error that SO_ERROR holds; undefined for 0. */
export const pendingError = (sockfd: number): string | undefined => {
  const number = getsockopt(sockfd, SOL_SOCKET, SO_ERROR);
  return number === 0 ? undefined : errnoName(number);
};

/** Waits until one of the events is there; of one descriptor. */
export function poll(fd: number, events: number, timeoutMs: number): number {
  const pollfd = Buffer.alloc(8); // int fd; short events; short revents
  pollfd.writeInt32LE(fd, 0);
  pollfd.writeInt16LE(events, 4);
  return check('poll', libc.poll(pollfd, 1n, timeoutMs));
}

/** As many bytes as are there, at most the buffer's length; 0 is the end of a stream. */
export const read = (fd: number, buffer: Buffer): number =>
  check('read', libc.read(fd, buffer, BigInt(buffer.length)));

export const write = (fd: number, bytes: Buffer): number =>
  check('write', libc.write(fd, bytes, BigInt(bytes.length)));

export function recvfrom(sockfd: number, buffer: Buffer, flags = 0): { bytes: number; from: SocketAddress } {
  const [addr, length] = room();
  const bytes = check('recvfrom', libc.recvfrom(sockfd, buffer, BigInt(buffer.length), flags, addr, length));
  return { bytes, from: readSockaddr(addr) };
}

export const sendto = (sockfd: number, bytes: Buffer, flags: number, to: SocketAddress): number =>
  check('sendto', libc.sendto(sockfd, bytes, BigInt(bytes.length), flags, sockaddr(to), 16), say(to));

export const close = (fd: number): number => check('close', libc.close(fd));

/** struct timeval, for SO_RCVTIMEO and SO_SNDTIMEO: seconds and microseconds, 8 bytes each. */
export function timeval(milliseconds: number): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeBigInt64LE(BigInt(Math.trunc(milliseconds / 1000)), 0);
  bytes.writeBigInt64LE(BigInt(Math.trunc((milliseconds % 1000) * 1000)), 8);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}

/** Room for an address and for its length, which the kernel fills in. */
const room = (): [addr: Buffer, length: Buffer] => [Buffer.alloc(16), int32(16)];

/** sin_family in the machine's order; sin_port and sin_addr in the network's, the highest byte first. */
function sockaddr({ address, port }: SocketAddress): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt16LE(AF_INET, 0);
  bytes.writeUInt16BE(port, 2);
  for (const [n, part] of address.split('.').entries()) bytes.writeUInt8(Number(part), 4 + n);
  return bytes;
}

const readSockaddr = (bytes: Buffer): SocketAddress => ({
  address: [...bytes.subarray(4, 8)].join('.'),
  port: bytes.readUInt16BE(2),
});
