/**
 * A UDP echo client: connects a datagram socket, sends one message, waits for the answer until its deadline.
 *
 *   make run FILE=lab/node/udp-client.ts ARGS='127.0.0.1 9000 HELLO!! 1000'      (address, port, message, deadline in ms)
 *   echo HELLO | make run FILE=lab/node/udp-client.ts ARGS='127.0.0.1 9000 -'      (the message from standard input)
 *   make run FILE=lab/node/udp-client.ts ARGS='127.0.0.1 9000 -' </dev/null        (no message: connect, then close)
 *
 *   connected: from=127.0.0.1:50263 to=127.0.0.1:9000
 *   packet-written: bytes=7
 *   packet-received: bytes=7 from=127.0.0.1:9000
 *
 * What to look for: connect(2) returns 0 at once and sends nothing, even when no server is there. It only sets
 * the peer: where a send goes by default, and the only address that receives are taken from.
 *
 * What it does not show: connect(2) on a socket without an address. Node binds every UDP socket to 0.0.0.0:0
 * before anything else, so the kernel has chosen the port by then and connect(2) only chooses the address.
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { addAbortSignal } from 'node:stream';
import { text } from 'node:stream/consumers';

const [address = '127.0.0.1', port = '9000', words = 'HELLO!!', deadline = '1000'] = process.argv.slice(2);

const cancel = new AbortController();
process.once('SIGTERM', () => cancel.abort());
process.once('SIGINT', () => cancel.abort());
const expiry = () => AbortSignal.any([cancel.signal, AbortSignal.timeout(Number(deadline))]);

// socket(2): SOCK_DGRAM|SOCK_CLOEXEC|SOCK_NONBLOCK.
const socket = createSocket('udp4');

try {
  // bind(2) to 0.0.0.0:0 is Node's own; then connect(2): 0, and not one packet.
  socket.connect(Number(port), address);
  await once(socket, 'connect', { signal: expiry() });

  // getsockname(2) and getpeername(2): what connect(2) has set.
  const local = socket.address();
  const peer = socket.remoteAddress();
  console.log(`connected: from=${local.address}:${local.port} to=${peer.address}:${peer.port}`);

  const message = words === '-' ? await text(addAbortSignal(cancel.signal, process.stdin)) : words;
  if (message !== '') {
    // sendmsg(2) with msg_name=NULL: to the peer. It returns when the kernel has the datagram, not the server.
    await new Promise<void>((resolve, reject) => {
      socket.send(message, (error, bytes) => {
        if (error) return reject(error);
        console.log(`packet-written: bytes=${bytes}`);
        resolve();
      });
    });

    // recvmsg(2): one datagram. Nothing in UDP says that it will come, so there is a deadline.
    const [answer, from] = await once(socket, 'message', { signal: expiry() });
    console.log(`packet-received: bytes=${answer.length} from=${from.address}:${from.port}`);
  }
} catch (error) {
  if (cancel.signal.aborted) {
    console.log('cancelled');
  } else {
    const expired = error instanceof Error && error.name === 'AbortError';
    console.error(expired ? `read udp ${address}:${port}: i/o timeout` : String(error));
    process.exitCode = 1;
  }
} finally {
  // close(2): nothing leaves the host.
  socket.close();
}
