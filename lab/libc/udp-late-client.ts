/**
 * A UDP client that is bound first and connected later: what comes between?
 *
 *   (sleep 9; echo go) | make run FILE=lab/libc/udp-late-client.ts ARGS='127.0.0.1 9000 1000'      (address, port, deadline in ms)
 *
 *   bound: port=52963
 *   connected: from=127.0.0.1:52963 to=127.0.0.1:9000
 *   packet-received: bytes=4 from=127.0.0.1:56517
 *   read udp 127.0.0.1:9000: i/o timeout
 *
 * What to look for: connect(2) filters what arrives from now on. A datagram that a stranger sent before lies in the
 * socket's queue and is received afterwards, from an address that is not the peer's.
 *
 * What it does not show: how to get rid of it. Receive until the queue is empty after connecting, and look at the addresses.
 */
import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import * as libc from './libc.ts';

const [address = '127.0.0.1', port = '9000', deadline = '1000'] = process.argv.slice(2);

let cancelled = false;
const cancel = () => {
  cancelled = true;
  process.stdin.destroy();
};
process.once('SIGTERM', cancel);
process.once('SIGINT', cancel);

const sockfd = libc.socket(libc.AF_INET, libc.SOCK_DGRAM);

try {
  libc.bind(sockfd, { address: '0.0.0.0', port: 0 });
  console.log(`bound: port=${libc.getsockname(sockfd).port}`);

  // A line on standard input: until then anybody's datagram is queued.
  await once(process.stdin, 'data');
  process.stdin.destroy();

  libc.connect(sockfd, { address, port: Number(port) });
  console.log(
    `connected: from=${libc.say(libc.getsockname(sockfd))} to=${libc.say(libc.getpeername(sockfd))}`,
  );

  libc.setsockopt(sockfd, libc.SOL_SOCKET, libc.SO_RCVTIMEO, libc.timeval(Number(deadline)));
  const buffer = Buffer.alloc(1024);
  for (await turn(); !cancelled; await turn()) {
    try {
      const { bytes, from } = libc.recvfrom(sockfd, buffer);
      console.log(`packet-received: bytes=${bytes} from=${libc.say(from)}`);
    } catch (error) {
      if (!libc.failed(error, 'EINTR')) throw error;
    }
  }
  console.log('cancelled');
} catch (error) {
  if (cancelled) {
    console.log('cancelled');
  } else {
    console.error(libc.failed(error, 'EAGAIN') ? `read udp ${address}:${port}: i/o timeout` : String(error));
    process.exitCode = 1;
  }
} finally {
  libc.close(sockfd);
}
