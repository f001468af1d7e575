/**
 * Two messages, one right after the other, on a TCP socket.
 *
 *   make run FILE=lab/node/tcp-two-sends.ts ARGS='127.0.0.1 9000 ONE TWO!! 1000'      (address, port, two messages, deadline in ms)
 *
 *   connected: from=127.0.0.1:53940 to=127.0.0.1:9000
 *   packet-written: bytes=3
 *   packet-written: bytes=5
 *   packet-received: bytes=8 from=127.0.0.1:9000
 *
 * What to look for: two write(2), and as many receives as the other side happens to need. A server that is late finds
 * both messages in its buffer and gets them from one read(2), `ONETWO!!`: the kernel has kept the bytes and their
 * order, not where the first message ended.
 *
 * What it does not show: Nagle's algorithm, which may keep the second message back until the first is acknowledged.
 * Node leaves it on, unless told setNoDelay().
 */
import { once } from 'node:events';
import { createConnection } from 'node:net';

const [address = '127.0.0.1', port = '9000', one = 'ONE', two = 'TWO!!', deadline = '1000'] =
  process.argv.slice(2);

const cancel = new AbortController();
process.once('SIGTERM', () => cancel.abort());
process.once('SIGINT', () => cancel.abort());
const expiry = () => AbortSignal.any([cancel.signal, AbortSignal.timeout(Number(deadline))]);

// socket(2): SOCK_STREAM; connect(2): the SYN leaves within this call.
const socket = createConnection(Number(port), address);

try {
  // epoll(7) reports the socket writable, getsockopt(SO_ERROR) says 0; then getsockname(2) and getpeername(2).
  await once(socket, 'connect', { signal: expiry() });
  const peer = `${socket.remoteAddress}:${socket.remotePort}`;
  console.log(`connected: from=${socket.localAddress}:${socket.localPort} to=${peer}`);

  // write(2), twice at once: each goes to the kernel when it is called, as long as the socket's buffer has room.
  for (const message of [one, two]) {
    socket.write(message);
    console.log(`packet-written: bytes=${Buffer.byteLength(message)}`);
  }

  // read(2): until as many bytes are back as went out, in however many pieces.
  const signal = expiry();
  for (let received = 0; received < Buffer.byteLength(one + two);) {
    const [answer] = await once(socket, 'data', { signal });
    console.log(`packet-received: bytes=${answer.length} from=${peer}`);
    received += answer.length;
  }

  // shutdown(SHUT_WR): a FIN. The server's own FIN makes read(2) return 0, and Node closes the descriptor.
  socket.resume().end();
  await once(socket, 'close', { signal: expiry() });
} catch (error) {
  if (cancel.signal.aborted) {
    console.log('cancelled');
  } else {
    const expired = error instanceof Error && error.name === 'AbortError';
    console.error(expired ? `read tcp ${address}:${port}: i/o timeout` : String(error));
    process.exitCode = 1;
  }
} finally {
  socket.destroy();
}
