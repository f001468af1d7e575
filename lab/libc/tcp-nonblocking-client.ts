/**
 * The dial of a TCP client as Go and Node do it, call by call: a socket that does not block, connect(2), poll(2),
 * SO_ERROR.
 *
 *   make run FILE=lab/libc/tcp-nonblocking-client.ts ARGS='127.0.0.1 9000 - 1000' </dev/null     (address, port, -, deadline in ms)
 *
 *   connect: EINPROGRESS
 *   connected: from=127.0.0.1:42230 to=127.0.0.1:9000
 *
 * What to look for: connect(2) fails with EINPROGRESS, and nothing is wrong. poll(2) waits until the socket is
 * writable, which says only that the attempt is over; how it ended, SO_ERROR says.
 *
 * What it does not show: reading and writing without blocking; the message is left out.
 */
import { text } from 'node:stream/consumers';
import * as libc from './libc.ts';

const [address = '127.0.0.1', port = '9000', , deadline = '1000'] = process.argv.slice(2);

const type = libc.SOCK_STREAM | libc.SOCK_CLOEXEC | libc.SOCK_NONBLOCK;
const sockfd = libc.socket(libc.AF_INET, type);

try {
  try {
    libc.connect(sockfd, { address, port: Number(port) });
  } catch (error) {
    if (!libc.failed(error, 'EINPROGRESS')) throw error;
    console.log('connect: EINPROGRESS');
  }

  // Here the thread waits; an event loop would do other things meanwhile.
  if (libc.poll(sockfd, libc.POLLOUT, Number(deadline)) === 0)
    throw new Error(`dial tcp ${address}:${port}: i/o timeout`);

  const errno = libc.pendingError(sockfd);
  if (errno !== undefined) throw new Error(`dial tcp ${address}:${port}: ${errno}`);
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
