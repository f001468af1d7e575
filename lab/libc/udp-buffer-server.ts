/**
 * A UDP server with one buffer of 1024 bytes that is never cleared.
 *
 *   make run FILE=lab/libc/udp-buffer-server.ts ARGS='127.0.0.1 9000'      (then: udp-three-sizes.ts 127.0.0.1 9000)
 *
 *   listening: at=127.0.0.1:9000
 *   packet-received: bytes=1024 from=127.0.0.1:41273
 *   packet-received: bytes=1400 from=127.0.0.1:41273
 *   packet-received: bytes=5 from=127.0.0.1:41273
 *   beyond: bytes=1019 text=bbbbbbbb
 *   cancelled
 *
 * What to look for: of a datagram of 1400 bytes recvfrom(2) returns 1024, and the rest is gone; the next call returns the
 * next datagram. With MSG_TRUNC it says how long the datagram was: 1400, of which 1024 are in the buffer. Behind a short
 * message the bytes of the one before are still there: only the first n count.
 *
 * What it does not show: TCP, where what does not fit is returned by the next read(2).
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
  let held = 0; // bytes of the buffer that a datagram has filled
  for (let n = 1; !cancelled; await turn()) {
    try {
      const { bytes, from } = libc.recvfrom(sockfd, buffer, n === 2 ? libc.MSG_TRUNC : 0);
      console.log(`packet-received: bytes=${bytes} from=${libc.say(from)}`);
      if (bytes < held) {
        const old = buffer.subarray(bytes, held);
        console.log(`beyond: bytes=${old.length} text=${old.subarray(0, 8).toString('latin1')}`);
      }
      held = Math.max(held, Math.min(bytes, buffer.length));
      n += 1;
    } catch (error) {
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
