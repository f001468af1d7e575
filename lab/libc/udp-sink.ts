/**
 * A UDP server that only receives, and counts.
 *
 *   make run FILE=lab/libc/udp-sink.ts ARGS='127.0.0.1 9000 4096'      (address, port, SO_RCVBUF in bytes)
 *
 *   listening: at=127.0.0.1:9000
 *   packet-received: bytes=997 from=127.0.0.1:37644
 *   packet-received: bytes=997 from=127.0.0.1:37644
 *   packet-received: bytes=997 from=127.0.0.1:37644
 *   received: bytes=2991 datagrams=3
 *   cancelled
 *
 * What to look for: with a small receive buffer, and a reader that is late, datagrams vanish here: they have arrived at
 * the host, no call ever returns them, and only a counter of the host knows (RcvbufErrors).
 *
 * What it does not show: an answer. The client learns nothing either way.
 */
import { setImmediate as turn } from 'node:timers/promises';
import * as libc from './libc.ts';

const [address = '127.0.0.1', port = '9000', room = ''] = process.argv.slice(2);

let cancelled = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => (cancelled = true));

const sockfd = libc.socket(libc.AF_INET, libc.SOCK_DGRAM);
libc.setsockopt(sockfd, libc.SOL_SOCKET, libc.SO_RCVTIMEO, libc.timeval(1000));

try {
  // The kernel doubles the number, and counts its own bookkeeping of each datagram against it (socket(7)).
  if (room !== '') libc.setsockopt(sockfd, libc.SOL_SOCKET, libc.SO_RCVBUF, Number(room));
  libc.bind(sockfd, { address, port: Number(port) });
  console.log(`listening: at=${libc.say(libc.getsockname(sockfd))}`);

  const buffer = Buffer.alloc(65536);
  let [total, datagrams] = [0, 0];
  for (await turn(); !cancelled; await turn()) {
    try {
      const { bytes, from } = libc.recvfrom(sockfd, buffer);
      console.log(`packet-received: bytes=${bytes} from=${libc.say(from)}`);
      total += bytes;
      datagrams += 1;
    } catch (error) {
      if (!libc.failed(error, 'EAGAIN') && !libc.failed(error, 'EINTR')) throw error;
    }
  }
  console.log(`received: bytes=${total} datagrams=${datagrams}`);
  console.log('cancelled');
} catch (error) {
  console.error(String(error));
  process.exitCode = 1;
} finally {
  libc.close(sockfd);
}
