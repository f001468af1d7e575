/** What an errno means for one call: the clause behind "asks 10.0.0.2 port 9000 for a connection; …". */
import type { Call } from 'strace-parser';
import { errnos } from './errno.ts';
import { from, lookUp, type Entries, type Entry } from './explanation.ts';
import { protocolOf } from './places.ts';

/** Of these descriptors a read or write is known to be a socket's. */
const groups: Readonly<Record<string, string>> = {
  read: 'receive',
  readv: 'receive',
  recvfrom: 'receive',
  recvmsg: 'receive',
  recvmmsg: 'receive',
  recv: 'receive',
  write: 'send',
  writev: 'send',
  sendto: 'send',
  sendmsg: 'send',
  sendmmsg: 'send',
  send: 'send',
  accept4: 'accept',
  epoll_wait: 'wait',
  epoll_pwait: 'wait',
  epoll_pwait2: 'wait',
  poll: 'wait',
  ppoll: 'wait',
  select: 'wait',
  pselect6: 'wait',
  fstat: 'file',
  newfstatat: 'file',
  stat: 'file',
  lstat: 'file',
  statx: 'file',
  access: 'file',
  faccessat: 'file',
  faccessat2: 'file',
  open: 'file',
  openat: 'file',
};

/** @returns the clause and its source; of an errno that no table has, one that says so */
export function errnoOf(call: Call, errno: string): Entry {
  return findErrno(call, errno) ?? [`it fails with ${errno}`, 'errno(3)'];
}

export function findErrno(call: Call, errno: string): Entry | undefined {
  const protocol = protocolOf(call);
  const ofSockets = protocol !== undefined || !/^(?:read|write)v?$/.test(call.name);
  const group = ofSockets ? (groups[call.name] ?? call.name) : call.name;
  // EAGAIN and EINPROGRESS come at once where a socket does not block, else when its time limit is over. (strace -T tells.)
  const { durationNs } = call;
  const pace = durationNs === undefined ? 'unknown' : durationNs < 10_000_000 ? 'fast' : 'slow';
  return (
    lookUp(meanings, `${group} ${errno} ${pace}`) ??
    lookUp(meanings, `${group} ${errno} ${protocol}`) ??
    lookUp(meanings, `${group} ${errno}`) ??
    lookUp(meanings, `${call.name} ${errno}`) ??
    lookUp(errnos, errno)
  );
}

const meanings: Entries = {
  ...from('connect(2)', {
    'connect EINPROGRESS': 'the socket does not block, so the kernel answers ‘in progress’ at once',
    'connect EINPROGRESS slow':
      'the handshake goes on: the socket does not block, or its time limit (SO_SNDTIMEO) is over',
    'connect EALREADY': 'an earlier connect(2) of this socket is still under way',
    'connect EISCONN': 'the socket is connected already',
    'connect ECONNREFUSED':
      'the answer is no (RST, or ICMP port unreachable): nobody listens there, or a firewall rejects',
    'connect ECONNREFUSED UNIX': 'the socket file is there, but nobody listens on it',
    'connect ENOENT UNIX': 'there is no such socket file: that service does not run',
    'connect ETIMEDOUT': 'no SYN was answered, however often the kernel repeated it',
    'connect EADDRNOTAVAIL': 'the local address is not this host’s, or no local port is free',
    'connect EAGAIN UNIX': 'the listener’s queue is full, and the socket does not block',
    'connect EINTR': 'a signal came while it waited; the kernel goes on with the handshake',
    'connect EACCES':
      'the permissions or a firewall rule forbid it, or it is a broadcast address without SO_BROADCAST',
    'connect EPERM': 'a firewall rule forbids it',
    'connect EPROTOTYPE UNIX': 'the other socket is of another type',
  }),
  ...from('bind(2)', {
    'bind EADDRINUSE': 'another socket has this address and port already',
    'bind EADDRNOTAVAIL': 'the address is not one of this host’s',
    'bind EACCES': 'ports below net.ipv4.ip_unprivileged_port_start (1024) need a privilege',
    'bind EINVAL': 'the socket has an address already, or the address is not valid for it',
    'listen EADDRINUSE': 'another socket listens on this port already',
  }),
  ...from('accept(2)', {
    'accept EAGAIN':
      'nobody is waiting to be accepted: the socket does not block, or its time limit (SO_RCVTIMEO) is over',
    'accept EAGAIN fast': 'nobody is waiting to be accepted, and the socket does not block',
    'accept EAGAIN slow': 'nobody connected before its time limit (SO_RCVTIMEO) was over',
    'accept EINTR': 'a signal came before anybody connected',
    'accept ECONNABORTED': 'the connection was ended before it was accepted',
    'accept EINVAL': 'the socket does not listen',
  }),
  ...from('recv(2)', {
    'receive EAGAIN': 'nothing has come: the socket does not block, or its time limit (SO_RCVTIMEO) is over',
    'receive EAGAIN fast': 'nothing has come, and the call does not wait for it',
    'receive EAGAIN slow': 'nothing came before its time limit (SO_RCVTIMEO) was over',
    'receive EINTR': 'a signal came before any data did',
    'receive ECONNREFUSED': 'the other side refused: nobody listens there',
    'receive ENOTCONN': 'the socket is not connected',
    'receive ECONNRESET TCP': 'the other side has ended the connection by RST',
    'receive ETIMEDOUT TCP':
      'what was sent has not been acknowledged for too long: the connection is given up',
    'receive EHOSTUNREACH': 'no way leads to the other host, or it does not answer',
  }),
  ...from('udp(7)', {
    'receive ECONNREFUSED UDP':
      'an earlier datagram drew ICMP port unreachable; that error waited for the socket’s next call',
    'send ECONNREFUSED UDP':
      'an earlier datagram drew ICMP port unreachable; that error waited for the socket’s next call, and this datagram is not sent',
  }),
  ...from('send(2)', {
    'send EAGAIN':
      'there is no room in the send buffer: the socket does not block, or its time limit (SO_SNDTIMEO) is over',
    'send EAGAIN fast': 'there is no room in the send buffer, and the socket does not block',
    'send EAGAIN slow': 'there was no room in the send buffer before its time limit (SO_SNDTIMEO) was over',
    'send EINTR': 'a signal came before anything was sent',
    'send EDESTADDRREQ': 'no destination is given, and connect(2) has set none',
    'send EMSGSIZE': 'the datagram is too long to be sent in one piece',
    'send EPIPE':
      'the connection is over for sending; SIGPIPE comes too, unless MSG_NOSIGNAL or a handler prevents it',
    'send EPERM': 'a firewall rule of this host drops it',
    'send EISCONN': 'an address is given, but the socket is connected',
    'send ENOTCONN': 'the socket is not connected, and no destination is given',
    'send ENOBUFS': 'the queue of the network interface is full',
    'send EACCES': 'it is a broadcast address without SO_BROADCAST, or a rule forbids it',
  }),
  ...from('shutdown(2)', { 'shutdown ENOTCONN': 'the socket is not connected' }),
  ...from('getpeername(2)', { 'getpeername ENOTCONN': 'the socket has no peer' }),
  ...from('signal(7)', { 'wait EINTR': 'a signal came before anything was ready' }),
  ...from('epoll_ctl(2)', {
    'epoll_ctl ENOENT': 'it was not being watched',
    'epoll_ctl EEXIST': 'it is being watched already',
    'epoll_ctl EPERM': 'a file of this kind is always ready: it cannot be watched',
  }),
  ...from('fcntl(2)', { 'fcntl EBADF': 'no descriptor of this number is open' }),
  ...from('close(2)', { 'close EBADF': 'no descriptor of this number is open' }),
  ...from('ioctl(2)', {
    'ioctl ENOTTY': 'it is no terminal (or not the kind of device that the request is for)',
  }),
  ...from('lseek(2)', { 'lseek ESPIPE': 'a pipe, socket or terminal has no position' }),
  ...from('readlink(2)', {
    'readlink EINVAL': 'it is not a symbolic link',
    'readlinkat EINVAL': 'it is not a symbolic link',
  }),
  ...from('stat(2)', {
    'file ENOENT': 'there is no such file or directory',
    'file ENOTDIR': 'a part of the path is not a directory',
  }),
  ...from('xattr(7)', {
    'getxattr ENODATA': 'the file has no such attribute',
    'lgetxattr ENODATA': 'the file has no such attribute',
    'fgetxattr ENODATA': 'the file has no such attribute',
  }),
  ...from('futex(2)', {
    'futex EAGAIN': 'the number has changed meanwhile: there is no need to wait',
    'futex ETIMEDOUT': 'nobody woke it in time',
    'futex EINTR': 'a signal woke it',
  }),
  ...from('clock_nanosleep(2)', { 'clock_nanosleep EINTR': 'a signal ends the sleep early' }),
  ...from('wait(2)', {
    'wait4 ECHILD': 'there is no child left to wait for',
    'waitid ECHILD': 'there is no child left to wait for',
  }),
  ...from('kill(2)', { 'kill ESRCH': 'there is no such process', 'tgkill ESRCH': 'there is no such thread' }),
  ...from('execve(2)', { 'execve ENOENT': 'there is no such program, or its interpreter is missing' }),
  ...from('sigreturn(2)', { 'rt_sigreturn EINTR': 'the interrupted call returns EINTR' }),
};
