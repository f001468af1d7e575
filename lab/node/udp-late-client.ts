/**
 * A UDP client that is bound first and connected later: what comes between?
 *
 *   (sleep 9; echo go) | make run FILE=lab/node/udp-late-client.ts ARGS='127.0.0.1 9000 1500'      (address, port, deadline in ms)
 *
 *   bound: port=37432
 *   packet-received: bytes=4 from=127.0.0.1:46783
 *   connected: from=127.0.0.1:37432 to=127.0.0.1:9000
 *   read udp 127.0.0.1:9000: i/o timeout
 *
 * What to look for: a stranger's datagram that came between bind(2) and connect(2) is received, in a program that
 * believes that it talks with its peer alone. A second one, after connect(2), is refused by the kernel.
 *
 * What it does not show: the datagram waiting in the socket's queue while connect(2) is called. Node calls recvmsg(2)
 * as soon as there is something, so the line stands before `connected`; in lab/libc/udp-late-client.ts it waits, and
 * comes after. The window is in every Node client: dgram binds before it connects, if only for a moment.
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

const [address = '127.0.0.1', port = '9000', deadline = '1000'] = process.argv.slice(2);

const cancel = new AbortController();
process.once('SIGTERM', () => cancel.abort());
process.once('SIGINT', () => cancel.abort());
const expiry = () => AbortSignal.any([cancel.signal, AbortSignal.timeout(Number(deadline))]);

// socket(2): SOCK_DGRAM|SOCK_CLOEXEC|SOCK_NONBLOCK.
const socket = createSocket('udp4');

// recvmsg(2): one datagram and its sender; before connect(2) anybody's, afterwards the peer's.
socket.on('message', (message, from) => {
  console.log(`packet-received: bytes=${message.length} from=${from.address}:${from.port}`);
});

try {
  // bind(2): port 0, the kernel chooses. From here on whatever comes to that port is this socket's.
  socket.bind(0, '0.0.0.0');
  await once(socket, 'listening', { signal: expiry() });
  console.log(`bound: port=${socket.address().port}`);

  // read(2) of standard input: a line, or its end, is the sign to go on. epoll(7) watches the socket meanwhile.
  const input = createInterface(process.stdin);
  input.once('line', () => input.close());
  await once(input, 'close', { signal: cancel.signal });

  // connect(2): sets the peer, and with it whom the kernel takes datagrams from. It does not look at older ones.
  socket.connect(Number(port), address);
  await once(socket, 'connect', { signal: expiry() });
  const local = socket.address();
  const peer = socket.remoteAddress();
  console.log(`connected: from=${local.address}:${local.port} to=${peer.address}:${peer.port}`);

  // Nothing is sent, and nothing ends this but SIGTERM or the deadline.
  await once(socket, 'close', { signal: expiry() });
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
  process.stdin.destroy();
}
