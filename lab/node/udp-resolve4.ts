/**
 * Dials UDP by name, with Node's other resolver: dns.resolve4() asks a DNS server and nobody else.
 *
 *   node lab/node/udp-resolve4.ts 10.0.0.2 9000 dns.lab      (on the client of the lesson resolve: not used, port, name)
 *
 *   connected: name=dns.lab to=10.0.0.2:9000
 *
 * What to look for: everything happens on the main thread. c-ares, a library in Node, speaks DNS with a socket of its
 * own: socket(2), fcntl(2) O_NONBLOCK, connect(2) to port 53, sendto(2), recvfrom(2) when epoll(7) says so, and again:
 * EAGAIN, nothing more. getaddrinfo(3) would block, and so needs a thread (udp-resolve.ts).
 *
 * What it does not show: /etc/hosts. It is never opened; a name that stands only there is not found (ENOTFOUND).
 */
import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';

const [, port = '9000', name = 'localhost'] = process.argv.slice(2);

// openat(2): /etc/resolv.conf (whom to ask) and /etc/nsswitch.conf; c-ares reads them when a resolver is made: Node's
// own, at the import, and this one, which can be cancelled.
const resolver = new Resolver();

const cancel = new AbortController();
cancel.signal.addEventListener('abort', () => resolver.cancel());
process.once('SIGTERM', () => cancel.abort());
process.once('SIGINT', () => cancel.abort());

// socket(2): SOCK_DGRAM. The program's own socket, beside the resolver's.
const socket = createSocket('udp4');

try {
  // sendto(2) and recvfrom(2) on the resolver's socket: one question (A, RFC 1035), one answer, in the server's order.
  const [address = ''] = await resolver.resolve4(name);

  // bind(2) to 0.0.0.0:0 is Node's own; then connect(2): 0, and not one packet.
  socket.connect(Number(port), address);
  await once(socket, 'connect', { signal: cancel.signal });

  // getpeername(2): what connect(2) has set.
  const peer = socket.remoteAddress();
  console.log(`connected: name=${name} to=${peer.address}:${peer.port}`);
} catch (error) {
  if (cancel.signal.aborted) {
    console.log('cancelled');
  } else {
    console.error(String(error));
    process.exitCode = 1;
  }
} finally {
  // close(2): nothing leaves the host.
  socket.close();
}
