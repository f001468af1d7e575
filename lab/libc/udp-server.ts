/**
 * A UDP echo server that makes the article's calls itself: recvfrom(2), sendto(2), over and over.
 *
 *   make run FILE=lab/libc/udp-server.ts ARGS='127.0.0.1 9000'
 *
 *   listening: at=127.0.0.1:9000
 *   packet-received: bytes=7 from=127.0.0.1:32931
 *   packet-written: bytes=7 to=127.0.0.1:32931
 *   cancelled
 *
 * What to look for: recvfrom(2) waits, and fills in who has sent; sendto(2) takes that address. The buffer is one of
 * 1024 bytes and is not cleared: of a longer datagram the rest is lost, behind a shorter one the last one's bytes stay.
 *
 * What it does not show: two clients at once. One is answered before the next datagram is looked at.
 */
import { setImmediate as turn } from 'node:timers/promises';
import * as libc from './libc.ts';

const [address = '127.0.0.1', port = '9000'] = process.argv.slice(2);

let cancelled = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => (cancelled = true));

const sockfd = libc.socket(libc.AF_INET, libc.SOCK_DGRAM);

// Without a time limit a signal would only begin recvfrom(2) anew, and its handler would never get a turn (signal(7)).
libc.setsockopt(sockfd, libc.SOL_SOCKET, libc.SO_RCVTIMEO, libc.timeval(1000));

try {
  libc.bind(sockfd, { address, port: Number(port) });
  console.log(`listening: at=${libc.say(libc.getsockname(sockfd))}`);

  const buffer = Buffer.alloc(1024);
  for (await turn(); !cancelled; await turn()) {
    try {
      const { bytes, from } = libc.recvfrom(sockfd, buffer);
      console.log(`packet-received: bytes=${bytes} from=${libc.say(from)}`);

      const written = libc.sendto(sockfd, buffer.subarray(0, bytes), 0, from);
      console.log(`packet-written: bytes=${written} to=${libc.say(from)}`);
    } catch (error) {
      // EAGAIN: nothing came for a second; EINTR: a signal. Look whether to go on.
      if (!libc.failed(error, 'EAGAIN') && !libc.failed(error, 'EINTR')) throw error;
    }
  }
  console.log('cancelled');
} catch (error) {
  console.error(String(error));
  process.exitCode = 1;
} finally {
  libc.close(sockfd);
}
