/**
 * Dials UDP by name: each name in order is resolved, connected to, and closed again. Nothing is sent to it.
 *
 *   node lab/node/udp-resolve.ts 10.0.0.2 9000 10.0.0.2 server.lab dns.lab two.lab      (on the client of the lesson resolve: not used, port, names)
 *
 *   connected: name=10.0.0.2 to=10.0.0.2:9000
 *   connected: name=server.lab to=10.0.0.2:9000
 *   connected: name=dns.lab to=10.0.0.2:9000
 *   connected: name=two.lab to=10.0.0.2:9000
 *
 * What to look for: for an address, no file is opened. For a name, getaddrinfo(3), on another thread: it reads
 * /etc/nsswitch.conf, which says in which order to look (hosts, dns), then /etc/hosts, then, if the name is not
 * there, asks the server of /etc/resolv.conf: socket(2), connect(2) to port 53, sendto(2), recvfrom(2). If a name has
 * two addresses, it connects a UDP socket to each: the route, not the network, says which is better (RFC 6724).
 *
 * What it does not show: a cache. getaddrinfo(3) has none; where nscd runs, it is asked first. The main thread reads
 * resolv.conf too, for nothing: that is c-ares, Node's other resolver (udp-resolve4.ts), getting ready.
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

const [, port = '9000', ...names] = process.argv.slice(2);

const cancel = new AbortController();
process.once('SIGTERM', () => cancel.abort());
process.once('SIGINT', () => cancel.abort());

try {
  for (const name of names) {
    // socket(2): SOCK_DGRAM. The family is chosen here, so the resolver is asked for AF_INET alone.
    const socket = createSocket('udp4');
    try {
      // bind(2) to 0.0.0.0:0, Node's own, before the name is resolved; then getaddrinfo(3) on a thread of libuv's
      // pool, while epoll_pwait(2) waits on this one; then connect(2), here again.
      socket.connect(Number(port), name);
      await once(socket, 'connect', { signal: cancel.signal });

      // getpeername(2): the first address of the sorted list.
      const peer = socket.remoteAddress();
      console.log(`connected: name=${name} to=${peer.address}:${peer.port}`);
    } finally {
      // close(2): nothing leaves the host, and nothing has.
      socket.close();
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
