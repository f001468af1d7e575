/**
 * Two messages, one right after the other, on a TCP connection.
 *
 *   make run FILE=lab/libc/tcp-two-sends.ts ARGS='127.0.0.1 9000 ONE TWO!! 1000'      (address, port, two messages, deadline in ms)
 *
 *   connected: from=127.0.0.1:42228 to=127.0.0.1:9000
 *   packet-written: bytes=3
 *   packet-written: bytes=5
 *   packet-received: bytes=3 from=127.0.0.1:9000
 *   packet-received: bytes=5 from=127.0.0.1:9000
 *
 * What to look for: two write(2), and at a server that is late one read(2) with both: a stream has no messages.
 *
 * What it does not show: how programs put messages into a stream: by a length before each, or a sign after it.
 */
import * as libc from './libc.ts';

const [address = '127.0.0.1', port = '9000', one = 'ONE', two = 'TWO!!', deadline = '1000'] =
  process.argv.slice(2);
const server = { address, port: Number(port) };

const sockfd = libc.socket(libc.AF_INET, libc.SOCK_STREAM);

try {
  libc.connect(sockfd, server);
  console.log(
    `connected: from=${libc.say(libc.getsockname(sockfd))} to=${libc.say(libc.getpeername(sockfd))}`,
  );
  libc.setsockopt(sockfd, libc.SOL_SOCKET, libc.SO_RCVTIMEO, libc.timeval(Number(deadline)));

  for (const message of [one, two])
    console.log(`packet-written: bytes=${libc.write(sockfd, Buffer.from(message))}`);

  // However many reads it takes.
  const buffer = Buffer.alloc(1024);
  for (let received = 0; received < one.length + two.length;) {
    const bytes = libc.read(sockfd, buffer);
    if (bytes === 0) throw new Error(`read tcp ${address}:${port}: EOF`);
    console.log(`packet-received: bytes=${bytes} from=${libc.say(server)}`);
    received += bytes;
  }
} catch (error) {
  console.error(libc.failed(error, 'EAGAIN') ? `read tcp ${address}:${port}: i/o timeout` : String(error));
  process.exitCode = 1;
} finally {
  libc.close(sockfd);
}
