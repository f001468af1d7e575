/**
 * Two UDP clients in one program: two sockets, two messages, two answers.
 *
 *   make run FILE=lab/node/udp-two-clients.ts ARGS='127.0.0.1 9000'
 *
 *   connected: from=127.0.0.1:51945 to=127.0.0.1:9000
 *   connected: from=127.0.0.1:43829 to=127.0.0.1:9000
 *   packet-written: bytes=5
 *   packet-written: bytes=7
 *   packet-received: bytes=5 from=127.0.0.1:9000
 *   packet-received: bytes=7 from=127.0.0.1:9000
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

const send = (socket: Socket, message: string) =>
  new Promise<void>((resolve, reject) => {
    // sendmsg(2) with msg_name=NULL: to this socket's peer.
    socket.send(message, (error, bytes) => {
      if (error) return reject(error);
      console.log(`packet-written: bytes=${bytes}`);
      resolve();
    });
  });

try {
  for (const socket of [first, second]) {
    // bind(2) to 0.0.0.0:0, Node's own: a port for each. connect(2): the same peer for both, and not one packet.
    socket.connect(Number(port), address);
    await once(socket, 'connect', { signal: expiry() });
    const local = socket.address();
    const peer = socket.remoteAddress();
    console.log(`connected: from=${local.address}:${local.port} to=${peer.address}:${peer.port}`);
  }

  // Both listen before either asks: a datagram that no listener takes would be gone. And both have asked before either
  // answer is received, since Node receives when the program has nothing else to do.
  const signal = expiry();
  const answers = [receive(first, signal), receive(second, signal)];
  await Promise.all([...answers, send(first, 'FIRST'), send(second, 'SECOND!')]);
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
