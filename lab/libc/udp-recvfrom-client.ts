/**
 * A UDP echo client as the article's code has it: a connected socket, and yet ReadFrom, which is recvfrom(2).
 *
 *   make run FILE=lab/libc/udp-recvfrom-client.ts ARGS='127.0.0.1 9000 HELLO!! 1000'      (address, port, message, deadline in ms)
 *
 *   connected: from=127.0.0.1:58975 to=127.0.0.1:9000
 *   packet-written: bytes=7
 *   packet-received: bytes=7 from=127.0.0.1:9000
 *
 * What to look for: recvfrom(2) fills in the sender although there is only one who may send. The address printed is
 * the call's, not the one that this program was given.
 *
 * What it does not show: a socket that is not connected; there the address is what the call is for.
 */
import * as libc from './libc.ts';

const [address = '127.0.0.1', port = '9000', message = 'HELLO!!', deadline = '1000'] = process.argv.slice(2);

const sockfd = libc.socket(libc.AF_INET, libc.SOCK_DGRAM);

try {
  libc.connect(sockfd, { address, port: Number(port) });
  console.log(
    `connected: from=${libc.say(libc.getsockname(sockfd))} to=${libc.say(libc.getpeername(sockfd))}`,
  );

  libc.setsockopt(sockfd, libc.SOL_SOCKET, libc.SO_RCVTIMEO, libc.timeval(Number(deadline)));

  const written = libc.write(sockfd, Buffer.from(message));
  console.log(`packet-written: bytes=${written}`);

  const { bytes, from } = libc.recvfrom(sockfd, Buffer.alloc(1024));
  console.log(`packet-received: bytes=${bytes} from=${libc.say(from)}`);
} catch (error) {
  console.error(libc.failed(error, 'EAGAIN') ? `read udp ${address}:${port}: i/o timeout` : String(error));
  process.exitCode = 1;
} finally {
  libc.close(sockfd);
}
