/**
 * Two UDP clients in one program: two sockets, two messages, two answers.
 *
 *   node lab/node/udp-two-clients.ts 127.0.0.1 9000
 *
 * @@OUT@@
 *
 * What to look for: on the server's side. One socket receives both messages and answers both; the two clients differ
 * only in the port that came with the datagram. On this side each socket gets its own answer: the kernel finds the
 * socket by the ports and addresses of the datagram.
 *
 * What it does not show: an order that is certain. Two datagrams of two sockets may overtake each other, on the way
 * there and on the way back.
 */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

const [address = '127.0.0.1', port = '9000'] = process.argv.slice(2);

const cancel = new AbortController();
process.once('SIGTERM', () => cancel.abort());
process.once('SIGINT', () => cancel.abort());
const expiry = () => AbortSignal.any([cancel.signal, AbortSignal.timeout(4000)]);

// socket(2), twice: two descriptors, and soon two ports.
const first = createSocket('udp4');
const second = createSocket('udp4');

const receive = async (socket: Socket, signal: AbortSignal) => {
  // recvmsg(2): one datagram, of this socket's peer.
  const [answer, from] = await once(socket, 'message', { signal });
  console.log(`packet-received: bytes=${answer.length} from=${from.address}:${from.port}`);
};

try {
  for (const socket of [first, second]) {
    // bind(2) to 0.0.0.0:0, Node's own: a port for each. connect(2): the same peer for both, and not one packet.
    socket.connect(Number(port), address);
    await once(socket, 'connect', { signal: expiry() });
    const local = socket.address();
    const peer = socket.remoteAddress();
    console.log(`connected: from=${local.address}:${local.port} to=${peer.address}:${peer.port}`);
  }

  // Both listen for their answer before either has asked: a datagram that no listener takes would be gone.
  const signal = expiry();
  const answers = Promise.all([receive(first, signal), receive(second, signal)]);

  // sendmsg(2) with msg_name=NULL, on one descriptor, then on the other: the second asks before the first is answered.
  const wrote = (error: Error | null, bytes: number) => {
    if (error === null) console.log(`packet-written: bytes=${bytes}`);
  };
  first.send('FIRST', wrote);
  second.send('SECOND!', wrote);

  await answers;
} catch (error) {
  if (cancel.signal.aborted) {
    console.log('cancelled');
  } else {
    const expired = error instanceof Error && error.name === 'AbortError';
    console.error(expired ? `read udp ${address}:${port}: i/o timeout` : String(error));
    process.exitCode = 1;
  }
} finally {
  // close(2), twice: nothing leaves the host.
  first.close();
  second.close();
}
