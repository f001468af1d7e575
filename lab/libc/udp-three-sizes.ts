/**
 * Three datagrams for a server with a buffer of 1024 bytes: two that are longer, one that is short.
 *
 *   make run FILE=lab/libc/udp-three-sizes.ts ARGS='127.0.0.1 9000'
 *
 *   connected: from=127.0.0.1:41273 to=127.0.0.1:9000
 *   packet-written: bytes=1400
 *   packet-written: bytes=1400
 *   packet-written: bytes=5
 *
 * What to look for: at the server, udp-buffer-server.ts. Here every write(2) returns the whole count.
 *
 * What it does not show: a datagram that is longer than a frame (1472 bytes of payload): IP would cut it into fragments.
 */
import * as libc from './libc.ts';

const [address = '127.0.0.1', port = '9000'] = process.argv.slice(2);

const sockfd = libc.socket(libc.AF_INET, libc.SOCK_DGRAM);
libc.connect(sockfd, { address, port: Number(port) });
console.log(`connected: from=${libc.say(libc.getsockname(sockfd))} to=${libc.say(libc.getpeername(sockfd))}`);

for (const message of ['a'.repeat(1400), 'b'.repeat(1400), 'short']) {
  console.log(`packet-written: bytes=${libc.write(sockfd, Buffer.from(message))}`);
}
libc.close(sockfd);
