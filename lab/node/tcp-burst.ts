/**
 * Many writes on a TCP socket, all at once, without waiting for any answer: more than the socket's buffer takes.
 *
 *   node lab/node/tcp-burst.ts 10.0.0.2 9000 8 65536      (make shell HOST=client, its server stopped for a second; address, port, how many, bytes each)
 *
 *   connected: from=10.0.0.1:56912 to=10.0.0.2:9000
 *   queued: bytes=65536
 *   drained
 *
 * What to look for: when the server does not read, its window closes; what it has not acknowledged stays in the
 * socket's buffer; when that is full, write(2) takes a part of the bytes, and the next nothing (EAGAIN). Node keeps
 * the rest in its own memory (`queued`), says so (write() returns false), and writes it when epoll(7) says that there
 * is room: many messages with one writev(2). `drained`: the kernel has it all, the server perhaps not.
 *
 * What it does not show: a program that stops at `false` and goes on at 'drain', as it should; this one writes on.
 */
import { once } from 'node:events';
import { createConnection } from 'node:net';

const [address = '127.0.0.1', port = '9000', count = '23', bytes = '997'] = process.argv.slice(2);

const cancel = new AbortController();
process.once('SIGTERM', () => cancel.abort());
process.once('SIGINT', () => cancel.abort());

// socket(2): SOCK_STREAM|SOCK_CLOEXEC|SOCK_NONBLOCK; connect(2): the SYN leaves within this call.
const socket = createConnection(Number(port), address);

try {
  // epoll(7) reports the socket writable, getsockopt(SO_ERROR) says 0; then getsockname(2) and getpeername(2).
  await once(socket, 'connect', { signal: cancel.signal });
  const peer = `${socket.remoteAddress}:${socket.remotePort}`;
  console.log(`connected: from=${socket.localAddress}:${socket.localPort} to=${peer}`);

  // write(2) once for each, until one does not take all of it; no call for those that come after it.
  let full = false;
  for (let n = 1; n <= Number(count); n += 1) {
    const message = String(n).padStart(4, '0').padEnd(Number(bytes), '.');
    const room = socket.write(message);

    // Bytes that write() has not yet handed over in full; false: as many as Node cares to keep (64 KiB), or more.
    if (!room && !full) console.log(`queued: bytes=${socket.writableLength}`);
    full ||= !room;
  }

  // epoll(7), EPOLLOUT: the server has acknowledged something; write(2), then writev(2) with all that is waiting.
  if (full) {
    await once(socket, 'drain', { signal: cancel.signal });
    console.log('drained');
  }

  // shutdown(SHUT_WR): a FIN, behind the last byte. The server's own FIN makes read(2) return 0: it has them all.
  socket.resume().end();
  await once(socket, 'close', { signal: cancel.signal });
} catch (error) {
  if (cancel.signal.aborted) {
    console.log('cancelled');
  } else {
    console.error(String(error));
    process.exitCode = 1;
  }
} finally {
  socket.destroy();
}
