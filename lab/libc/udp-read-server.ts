/**
 * A UDP server that reads with read(2): it gets the message, and does not know whom to answer.
 *
 *   make run FILE=lab/libc/udp-read-server.ts ARGS='127.0.0.1 9000'
 *
 *   listening: at=127.0.0.1:9000
 *   packet-received: bytes=7
 *   Error: write: EDESTADDRREQ
 *   cancelled
 *
 * What to look for: read(2) returns the bytes alone. The sender's address was in the packet, the kernel had it, and it
 * is gone. write(2) has no destination, and says so.
 *
 * What it does not show: the remedy, recvfrom(2) and sendto(2): udp-server.ts.
 */
import { setImmediate as turn } from 'node:timers/promises';
import * as libc from './libc.ts';

const [address = '127.0.0.1', port = '9000'] = process.argv.slice(2);

let cancelled = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => (cancelled = true));

const sockfd = libc.socket(libc.AF_INET, libc.SOCK_DGRAM);
libc.setsockopt(sockfd, libc.SOL_SOCKET, libc.SO_RCVTIMEO, libc.timeval(1000));

try {
  libc.bind(sockfd, { address, port: Number(port) });
  console.log(`listening: at=${libc.say(libc.getsockname(sockfd))}`);

  const buffer = Buffer.alloc(1024);
  for (await turn(); !cancelled; await turn()) {
    try {
      const bytes = libc.read(sockfd, buffer);
      console.log(`packet-received: bytes=${bytes}`);
      libc.write(sockfd, buffer.subarray(0, bytes));
    } catch (error) {
      if (libc.failed(error, 'EDESTADDRREQ')) console.error(String(error));
      else if (!libc.failed(error, 'EAGAIN') && !libc.failed(error, 'EINTR')) throw error;
    }
  }
  console.log('cancelled');
} catch (error) {
  console.error(String(error));
  process.exitCode = 1;
} finally {
  libc.close(sockfd);
}
