/**
 * Two messages, one right after the other, on a UDP socket.
 *
 *   make run FILE=lab/libc/udp-two-sends.ts ARGS='127.0.0.1 9000 ONE TWO!! 1000'      (address, port, two messages, deadline in ms)
 *
 *   connected: from=127.0.0.1:59207 to=127.0.0.1:9000
 *   packet-written: bytes=3
 *   packet-written: bytes=5
 *   packet-received: bytes=3 from=127.0.0.1:9000
 *   packet-received: bytes=5 from=127.0.0.1:9000
 *
 * What to look for: two write(2), two datagrams, two recvfrom(2) at the server, however late it looks.
 *
 * What it does not show: order. Here there is one way and one queue; on the Internet the second may overtake the first.
 */
import * as libc from './libc.ts';

const [address = '127.0.0.1', port = '9000', one = 'ONE', two = 'TWO!!', deadline = '1000'] =
  process.argv.slice(2);
const server = { address, port: Number(port) };

const sockfd = libc.socket(libc.AF_INET, libc.SOCK_DGRAM);

try {
  libc.connect(sockfd, server);
  console.log(
    `connected: from=${libc.say(libc.getsockname(sockfd))} to=${libc.say(libc.getpeername(sockfd))}`,
  );
  libc.setsockopt(sockfd, libc.SOL_SOCKET, libc.SO_RCVTIMEO, libc.timeval(Number(deadline)));

  for (const message of [one, two])
    console.log(`packet-written: bytes=${libc.write(sockfd, Buffer.from(message))}`);

  // One datagram each.
  const buffer = Buffer.alloc(1024);
  for (let received = 0; received < 2; received += 1) {
    console.log(`packet-received: bytes=${libc.read(sockfd, buffer)} from=${libc.say(server)}`);
  }
} catch (error) {
  console.error(libc.failed(error, 'EAGAIN') ? `read udp ${address}:${port}: i/o timeout` : String(error));
  process.exitCode = 1;
} finally {
  libc.close(sockfd);
}
