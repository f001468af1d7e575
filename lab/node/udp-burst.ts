/**
 * Many sends on a UDP socket at once, without waiting for any answer: until the socket's buffer is full.
 *
 *   node lab/node/udp-burst.ts 127.0.0.1 9000 8 997      (address, port, how many, bytes each)
 *
 *   connected: from=127.0.0.1:41822 to=127.0.0.1:9000
 *
 * What to look for: on a slow link, sendmsg(2) that fails with EAGAIN. The program does not wait: Node keeps the rest in
 * a queue of its own and sends it, several datagrams a call, by sendmmsg(2), when epoll(7) says that there is room.
 *
 * What it does not show: a program that waits. Node's never does; what is too much lies in its memory.
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

const [address = '127.0.0.1', port = '9000', count = '8', bytes = '997'] = process.argv.slice(2);

const socket = createSocket('udp4');
socket.connect(Number(port), address);
await once(socket, 'connect');
const local = socket.address();
console.log(`connected: from=${local.address}:${local.port} to=${address}:${port}`);

// setsockopt(SO_SNDBUF): a small buffer, so that it is soon full; the kernel doubles the number (socket(7)).
socket.setSendBufferSize(4096);

// sendmsg(2), until one fails with EAGAIN; the others wait in Node's queue.
const sent = Array.from({ length: Number(count) }, (_, n) => {
  const message = String(n + 1).padStart(4, '0').padEnd(Number(bytes), '.');
  return new Promise<void>((resolve, reject) => {
    socket.send(message, (error, written) => {
      if (error) return reject(error);
      console.log(`packet-written: bytes=${written}`);
      resolve();
    });
  });
});
setImmediate(() => console.log(`queued: bytes=${socket.getSendQueueSize()}`));

await Promise.all(sent);
socket.close();
