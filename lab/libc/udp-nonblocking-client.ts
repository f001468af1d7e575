/**
 * The dial of a UDP client as Go and Node do it: a socket that does not block, and connect(2).
 *
 *   make run FILE=lab/libc/udp-nonblocking-client.ts ARGS='127.0.0.1 9000 - 1000' </dev/null     (address, port, -, deadline in ms)
 *
 *   connected: from=127.0.0.1:33533 to=127.0.0.1:9000
 *
 * What to look for: connect(2) returns 0 at once, exactly as on a socket that blocks: there is nothing to wait for. The
 * same poll(2) as in tcp-nonblocking-client.ts returns at once.
 *
 * What it does not show: reading and writing without blocking; the message is left out.
 */
import { text } from 'node:stream/consumers';
import * as libc from './libc.ts';

const [address = '127.0.0.1', port = '9000', , deadline = '1000'] = process.argv.slice(2);

const type = libc.SOCK_DGRAM | libc.SOCK_CLOEXEC | libc.SOCK_NONBLOCK;
const sockfd = libc.socket(libc.AF_INET, type);

try {
  libc.connect(sockfd, { address, port: Number(port) });

  // Writable, without a packet having crossed any link.
  if (libc.poll(sockfd, libc.POLLOUT, Number(deadline)) === 0)
    throw new Error(`dial udp ${address}:${port}: i/o timeout`);

  const errno = libc.pendingError(sockfd);
  if (errno !== undefined) throw new Error(`dial udp ${address}:${port}: ${errno}`);
  console.log(
    `connected: from=${libc.say(libc.getsockname(sockfd))} to=${libc.say(libc.getpeername(sockfd))}`,
  );

  await text(process.stdin);
} catch (error) {
  console.error(String(error));
  process.exitCode = 1;
} finally {
  libc.close(sockfd);
}
