/**
 * Many sends on a UDP socket, all at once, without waiting for any answer: more than the socket's buffer takes.
 *
 *   node lab/node/udp-burst.ts 10.0.0.2 9000 8 997      (make shell HOST=client; address, port, how many, bytes each)
 *
 *   connected: from=10.0.0.1:44547 to=10.0.0.2:9000
 *   queued: bytes=2991
 *   packet-written: bytes=997
 *   …      (8 times in all)
 *
 * What to look for: when the link is slower than the program (here: 80 kbit/s), sendmsg(2) returns -1 EAGAIN: the
 * socket's buffer is full, and the socket does not block. Nothing is lost by that: Node keeps the datagram and those
 * behind it in its own memory (`queued`), and when epoll(7) says that there is room, sends many with one sendmmsg(2).
 *
 * What it does not show: a receiver that is too slow. UDP's sender never learns of one (lesson lost). On a link that
 * is fast enough nothing is ever queued, and this prints `queued: bytes=0`.
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

const [address = '127.0.0.1', port = '9000', count = '23', bytes = '997'] = process.argv.slice(2);

const cancel = new AbortController();
process.once('SIGTERM', () => cancel.abort());
process.once('SIGINT', () => cancel.abort());

// socket(2): SOCK_DGRAM|SOCK_CLOEXEC|SOCK_NONBLOCK. The last is why a send here fails where it would wait.
const socket = createSocket('udp4');

try {
  // bind(2) to 0.0.0.0:0 is Node's own; then connect(2): 0, and not one packet.
  socket.connect(Number(port), address);
  await once(socket, 'connect', { signal: cancel.signal });
  const local = socket.address();
  const peer = socket.remoteAddress();
  console.log(`connected: from=${local.address}:${local.port} to=${peer.address}:${peer.port}`);

  // setsockopt(SO_SNDBUF): a small buffer, soon full; the kernel doubles the number for its own needs (socket(7)).
  socket.setSendBufferSize(4096);

  // sendmsg(2) once for each, until one returns EAGAIN (Node tries it twice); no call for those behind it.
  const sends: Promise<void>[] = [];
  for (let n = 1; n <= Number(count); n += 1) {
    const message = String(n).padStart(4, '0').padEnd(Number(bytes), '.');
    const send = new Promise<void>((resolve, reject) => {
      socket.send(message, (error, written) => {
        if (error) return reject(error);
        console.log(`packet-written: bytes=${written}`);
        resolve();
      });
    });
    sends.push(send);
  }

  // Bytes that send() has taken and the kernel has not.
  console.log(`queued: bytes=${socket.getSendQueueSize()}`);

  // epoll(7), EPOLLOUT: a datagram has left the buffer; sendmsg(2) or sendmmsg(2) with what is waiting; and again.
  await Promise.race([Promise.all(sends), once(socket, 'close', { signal: cancel.signal })]);
} catch (error) {
  if (cancel.signal.aborted) {
    console.log('cancelled');
  } else {
    console.error(String(error));
    process.exitCode = 1;
  }
} finally {
  // close(2): what the kernel has taken still goes out.
  socket.close();
}
