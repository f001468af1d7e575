/**
 * Dials TCP by name: each name in order is resolved, connected to, and closed again. No data is sent.
 *
 *   node lab/node/tcp-resolve.ts 10.0.0.2 9000 10.0.0.2 server.lab dns.lab two.lab      (on the client of the lesson resolve: not used, port, names)
 *
 *   connected: name=10.0.0.2 to=10.0.0.2:9000
 *   connected: name=server.lab to=10.0.0.2:9000
 *   connected: name=dns.lab to=10.0.0.2:9000
 *   connected: name=two.lab to=10.0.0.2:9000
 *
 * What to look for: for an address, no file is opened. For a name, getaddrinfo(3), on another thread: it reads
 * /etc/nsswitch.conf, which says in which order to look (hosts, dns), then /etc/hosts, then, if the name is not
 * there, asks the server of /etc/resolv.conf, by UDP, though this program dials TCP. The calls are those of
 * udp-resolve.ts; only their place differs: the name is resolved before the program's own socket is made.
 *
 * What it does not show: Node's default. Without `family: 4` glibc asks for IPv6 addresses too, and for any name lists
 * the host's own first, by NETLINK; here it does so only to sort two addresses.
 */
import { once } from 'node:events';
import { createConnection } from 'node:net';

const [, port = '9000', ...names] = process.argv.slice(2);

const cancel = new AbortController();
process.once('SIGTERM', () => cancel.abort());
process.once('SIGINT', () => cancel.abort());

try {
  for (const name of names) {
    // getaddrinfo(3) on a thread of libuv's pool, while epoll_pwait(2) waits on this one; then, here again, socket(2)
    // SOCK_STREAM and connect(2): EINPROGRESS, the SYN has left.
    const socket = createConnection({ host: name, port: Number(port), family: 4 });
    try {
      // epoll(7) reports the socket writable, getsockopt(SO_ERROR) says 0: only now is it connected.
      await once(socket, 'connect', { signal: cancel.signal });

      // getpeername(2): the first address of the sorted list.
      console.log(`connected: name=${name} to=${socket.remoteAddress}:${socket.remotePort}`);

      // shutdown(SHUT_WR): a FIN. The server's own FIN makes read(2) return 0, and Node closes the descriptor.
      socket.resume().end();
      await once(socket, 'close', { signal: cancel.signal });
    } finally {
      socket.destroy();
    }
  }
} catch (error) {
  if (cancel.signal.aborted) {
    // A getaddrinfo(3) that is under way cannot be called back: the process ends when it returns.
    console.log('cancelled');
  } else {
    console.error(String(error));
    process.exitCode = 1;
  }
}
