/**
 * Two TCP clients in one program: two connections, two messages, two answers.
 *
 *   make run FILE=lab/node/tcp-two-clients.ts ARGS='127.0.0.1 9000'
 *
 *   connected: from=127.0.0.1:36946 to=127.0.0.1:9000
 *   connected: from=127.0.0.1:36952 to=127.0.0.1:9000
 *   packet-written: bytes=5
 *   packet-written: bytes=7
 *   packet-received: bytes=5 from=127.0.0.1:9000
 *   packet-received: bytes=7 from=127.0.0.1:9000
 *
 * What to look for: on the server's side. accept4(2) returns a descriptor for each client, beside the one of
 * listen(2); each answer is written to its descriptor, and no call needs an address.
 *
 * What it does not show: a server that serves one connection at a time (lab/libc/tcp-server.ts). It would answer the
 * second client when the first has closed, although both are connected: so the first is closed here as soon as it
 * has its answer.
 */
import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';

const [address = '127.0.0.1', port = '9000'] = process.argv.slice(2);

const cancel = new AbortController();
process.once('SIGTERM', () => cancel.abort());
process.once('SIGINT', () => cancel.abort());
const expiry = () => AbortSignal.any([cancel.signal, AbortSignal.timeout(4000)]);

// socket(2) and connect(2), twice: -1 EINPROGRESS, so that the second need not wait for the first to be connected.
const first = createConnection(Number(port), address);
const second = createConnection(Number(port), address);

const receive = async (socket: Socket, bytes: number, signal: AbortSignal) => {
  // read(2): a stream has no messages, so count bytes until as many are back as went out.
  for (let received = 0; received < bytes;) {
    const [answer] = await once(socket, 'data', { signal });
    console.log(`packet-received: bytes=${answer.length} from=${socket.remoteAddress}:${socket.remotePort}`);
    received += answer.length;
  }

  // shutdown(SHUT_WR): a FIN. The server's own FIN makes read(2) return 0, and Node closes the descriptor.
  socket.resume().end();
  await once(socket, 'close', { signal });
};

try {
  // epoll(7) reports each socket writable, getsockopt(SO_ERROR) says 0; then getsockname(2) and getpeername(2).
  const signal = expiry();
  await Promise.all([once(first, 'connect', { signal }), once(second, 'connect', { signal })]);
  for (const socket of [first, second]) {
    const [local, peer] = [
      `${socket.localAddress}:${socket.localPort}`,
      `${socket.remoteAddress}:${socket.remotePort}`,
    ];
    console.log(`connected: from=${local} to=${peer}`);
  }

  // write(2) on one descriptor, then on the other: the second asks before the first is answered.
  first.write('FIRST');
  console.log('packet-written: bytes=5');
  second.write('SECOND!');
  console.log('packet-written: bytes=7');

  await Promise.all([receive(first, 5, signal), receive(second, 7, signal)]);
} catch (error) {
  if (cancel.signal.aborted) {
    console.log('cancelled');
  } else {
    const expired = error instanceof Error && error.name === 'AbortError';
    console.error(expired ? `read tcp ${address}:${port}: i/o timeout` : String(error));
    process.exitCode = 1;
  }
} finally {
  first.destroy();
  second.destroy();
}
