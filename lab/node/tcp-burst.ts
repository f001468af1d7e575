/**
 * Many writes on a TCP connection at once, without waiting for any answer: until the socket's buffer is full.
 *
 *   node lab/node/tcp-burst.ts 127.0.0.1 9000 8 65536      (address, port, how many, bytes each)
 *
 *   connected: from=127.0.0.1:41822 to=127.0.0.1:9000
 *
 * What to look for: with a server that does not read, write(2) that takes a part, and then fails with EAGAIN. The program
 * does not wait: Node keeps the rest in memory and writes it, many pieces a call, by writev(2), when there is room.
 *
 * What it does not show: a program that looks at what write() returns. This one goes on; a good one waits for `drain`.
 */
import { once } from 'node:events';
import { createConnection } from 'node:net';

const [address = '127.0.0.1', port = '9000', count = '8', bytes = '65536'] = process.argv.slice(2);

const socket = createConnection(Number(port), address);
await once(socket, 'connect');
console.log(`connected: from=${socket.localAddress}:${socket.localPort} to=${address}:${port}`);

// write(2), once; what does not fit, and all that follows, waits in Node's memory.
for (let n = 1; n <= Number(count); n += 1) {
  socket.write(String(n).padStart(4, '0').padEnd(Number(bytes), '.'));
}
console.log(`queued: bytes=${socket.writableLength}`);

// epoll(7) has said that the socket is writable, and writev(2) has taken the rest.
await once(socket, 'drain');
console.log('drained');

socket.resume().end();
await once(socket, 'close');
