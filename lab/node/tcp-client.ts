/**
 * A TCP echo client: makes a connection, sends one message, waits for the answer until its deadline.
 *
 *   make run FILE=lab/node/tcp-client.ts ARGS='127.0.0.1 9000 HELLO!! 1000'      (address, port, message, deadline in ms)
 *   echo HELLO | make run FILE=lab/node/tcp-client.ts ARGS='127.0.0.1 9000 -'      (the message from standard input)
 *   make run FILE=lab/node/tcp-client.ts ARGS='127.0.0.1 9000 -' </dev/null        (no message: connect, then close)
 *
 *   connected: from=127.0.0.1:46178 to=127.0.0.1:9000
 *   packet-written: bytes=7
 *   packet-received: bytes=7 from=127.0.0.1:9000
 *
 * What to look for: connect(2) returns -1 EINPROGRESS although nothing is wrong: the socket does not block, and
 * the handshake goes on without the program. Its end is read with getsockopt(SO_ERROR).
 *
 * What it does not show: a connect(2) that blocks until the server has answered.
 */
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { addAbortSignal } from 'node:stream';
import { text } from 'node:stream/consumers';

const [address = '127.0.0.1', port = '9000', words = 'HELLO!!', deadline = '1000'] = process.argv.slice(2);

const cancel = new AbortController();
process.once('SIGTERM', () => cancel.abort());
process.once('SIGINT', () => cancel.abort());
const expiry = () => AbortSignal.any([cancel.signal, AbortSignal.timeout(Number(deadline))]);

// socket(2): SOCK_STREAM|SOCK_CLOEXEC|SOCK_NONBLOCK; connect(2): the SYN leaves within this call.
const socket = createConnection(Number(port), address);

try {
  // epoll(7) reports the socket writable, getsockopt(SO_ERROR) says 0: only now is it connected.
  await once(socket, 'connect', { signal: expiry() });

  // getsockname(2) and getpeername(2).
  const peer = `${socket.remoteAddress}:${socket.remotePort}`;
  console.log(`connected: from=${socket.localAddress}:${socket.localPort} to=${peer}`);

  const message = words === '-' ? await text(addAbortSignal(cancel.signal, process.stdin)) : words;
  if (message !== '') {
    // write(2): the kernel has the bytes; the server may not have them yet.
    const bytes = Buffer.from(message);
    socket.write(bytes);
    console.log(`packet-written: bytes=${bytes.length}`);

    // read(2): a stream has no messages, so count bytes until as many are back as went out.
    const signal = expiry();
    for (let received = 0; received < bytes.length;) {
      const [answer] = await once(socket, 'data', { signal });
      console.log(`packet-received: bytes=${answer.length} from=${peer}`);
      received += answer.length;
    }
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
