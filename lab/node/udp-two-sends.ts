/**
 * Two messages, one right after the other, on a UDP socket.
 *
 *   make run FILE=lab/node/udp-two-sends.ts ARGS='127.0.0.1 9000 ONE TWO!! 1000'      (address, port, two messages, deadline in ms)
 *
 *   connected: from=127.0.0.1:35023 to=127.0.0.1:9000
 *   packet-written: bytes=3
 *   packet-written: bytes=5
 *   packet-received: bytes=3 from=127.0.0.1:9000
 *   packet-received: bytes=5 from=127.0.0.1:9000
 *
 * What to look for: two sendmsg(2), two datagrams, two recvmsg(2) at the server, however late it looks. A receive
 * never returns the end of one message and the beginning of another.
 *
 * What it does not show: order. Here there is one way and one queue; on the Internet the second may overtake the first.
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

const [address = '127.0.0.1', port = '9000', one = 'ONE', two = 'TWO!!', deadline = '1000'] =
  process.argv.slice(2);

const cancel = new AbortController();
process.once('SIGTERM', () => cancel.abort());
process.once('SIGINT', () => cancel.abort());
const expiry = () => AbortSignal.any([cancel.signal, AbortSignal.timeout(Number(deadline))]);

// socket(2): SOCK_DGRAM, so that every send is one datagram and every receive returns one.
const socket = createSocket('udp4');

try {
  // bind(2) to 0.0.0.0:0 is Node's own; then connect(2): 0, and not one packet.
  socket.connect(Number(port), address);
  await once(socket, 'connect', { signal: expiry() });
  const local = socket.address();
  const peer = socket.remoteAddress();
  console.log(`connected: from=${local.address}:${local.port} to=${peer.address}:${peer.port}`);

  // sendmsg(2), twice at once: no answer is awaited between them, and Node does not join what the program has sent
  // apart. (sendmmsg(2), several datagrams in one call, would be two datagrams all the same.)
  const sends = [one, two].map(
    (message) =>
      new Promise<void>((resolve, reject) => {
        socket.send(message, (error, bytes) => {
          if (error) return reject(error);
          console.log(`packet-written: bytes=${bytes}`);
          resolve();
        });
      }),
  );
  await Promise.all(sends);

  // recvmsg(2): one datagram each.
  const signal = expiry();
  for (let received = 0; received < 2; received += 1) {
    const [answer, from] = await once(socket, 'message', { signal });
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
