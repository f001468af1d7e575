/**
 * Dials names over UDP, one after the other. Each has to become an address first.
 *
 *   node lab/node/udp-resolve.ts - 9000 127.0.0.1 localhost      (unused, port, names)
 *
 *   connected: name=127.0.0.1 to=127.0.0.1:9000
 *   connected: name=localhost to=127.0.0.1:9000
 *
 * What to look for: the thread numbers. getaddrinfo(3) blocks, so libuv calls it on a thread of its pool; that thread
 * opens /etc/nsswitch.conf and /etc/hosts and asks the name server; the main thread waits in epoll_pwait(2) and connects.
 * The socket is made and bound before the name is looked up; TCP's is made afterwards.
 *
 * What it does not show: IPv6. A udp4 socket asks for IPv4 addresses alone.
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

const [, port = '9000', ...names] = process.argv.slice(2);

for (const name of names) {
  // socket(2), bind(2); getaddrinfo(3) on another thread, unless it is an address already; then connect(2) here.
  const socket = createSocket('udp4');
  socket.connect(Number(port), name);
  await once(socket, 'connect');
  const peer = socket.remoteAddress();
  console.log(`connected: name=${name} to=${peer.address}:${peer.port}`);
  socket.close();
}
