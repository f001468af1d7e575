/**
 * Many writes on a TCP socket, one after the other, without waiting for any answer: until the socket's buffer is full.
 *
 *   make run FILE=lab/libc/tcp-burst.ts ARGS='127.0.0.1 9000 3 997 0'      (address, port, how many, bytes each, deadline in ms; 0: none)
 *
 *   connected: from=127.0.0.1:42240 to=127.0.0.1:9000
 *   packet-written: bytes=997
 *   packet-written: bytes=997
 *   packet-written: bytes=997
 *
 * What to look for: write(2) that takes long. When the server does not read, its window closes; what has not been
 * acknowledged stays in the socket's buffer; when that is full, write(2) waits. With a deadline (SO_SNDTIMEO) it
 * returns what it has taken so far, or fails with EAGAIN.
 *
 * What it does not show: a slow link. It would look the same from here.
 */
import * as libc from './libc.ts';

const [address = '127.0.0.1', port = '9000', count = '23', bytes = '997', deadline = '0'] =
  process.argv.slice(2);

const sockfd = libc.socket(libc.AF_INET, libc.SOCK_STREAM);

try {
  // A small buffer, so that it is soon full; the kernel doubles the number for its own needs (socket(7)).
  libc.setsockopt(sockfd, libc.SOL_SOCKET, libc.SO_SNDBUF, 4096);
  libc.connect(sockfd, { address, port: Number(port) });
  console.log(
    `connected: from=${libc.say(libc.getsockname(sockfd))} to=${libc.say(libc.getpeername(sockfd))}`,
  );

  // 0 would be: wait as long as it takes.
  libc.setsockopt(sockfd, libc.SOL_SOCKET, libc.SO_SNDTIMEO, libc.timeval(Number(deadline)));

  for (let n = 1; n <= Number(count); n += 1) {
    const message = Buffer.from(String(n).padStart(4, '0').padEnd(Number(bytes), '.'));
    console.log(`packet-written: bytes=${libc.write(sockfd, message)}`);
  }
} catch (error) {
  console.error(libc.failed(error, 'EAGAIN') ? `write tcp ${address}:${port}: i/o timeout` : String(error));
  process.exitCode = 1;
} finally {
  libc.close(sockfd);
}
