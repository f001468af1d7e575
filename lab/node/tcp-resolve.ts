/**
 * Dials names over TCP, one after the other. Each has to become an address first.
 *
 *   node lab/node/tcp-resolve.ts - 9000 127.0.0.1 localhost      (unused, port, names)
 *
 *   connected: name=127.0.0.1 to=127.0.0.1:9000
 *   connected: name=localhost to=127.0.0.1:9000
 *
 * What to look for: the thread numbers. getaddrinfo(3) blocks, so libuv calls it on a thread of its pool; that thread
 * opens /etc/nsswitch.conf and /etc/hosts and asks the name server; the main thread waits in epoll_pwait(2) and connects.
 *
 * What it does not show: Node's defaults. With `family: 4` the resolver is asked for IPv4 addresses, as Go's "tcp4".
 */
import { once } from 'node:events';
import { createConnection } from 'node:net';

const [, port = '9000', ...names] = process.argv.slice(2);

for (const host of names) {
  // getaddrinfo(3) on another thread, unless it is an address already; then socket(2) and connect(2) here.
  const socket = createConnection({ host, port: Number(port), family: 4 });
  await once(socket, 'connect');
  console.log(`connected: name=${host} to=${socket.remoteAddress}:${socket.remotePort}`);
  socket.resume().end();
  await once(socket, 'close');
}
