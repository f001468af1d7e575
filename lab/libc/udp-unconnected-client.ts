/**
 * A UDP client that never connects: each datagram is told where to go, and anybody may answer.
 *
 *   make run FILE=lab/libc/udp-unconnected-client.ts ARGS='127.0.0.1 9000 HELLO!! 1000'      (address, port, message, deadline in ms)
 *
 *   bound: port=52596
 *   packet-written: bytes=7
 *   packet-received: bytes=7 from=127.0.0.1:9000
 *
 * What to look for: sendto(2) has a destination. When nobody listens there, the ICMP error reaches this host and no
 * call returns it: the kernel cannot know which of a socket's many peers it is about.
 *
 * What it does not show: connect(2), see udp-client.ts. What others have sent meanwhile is received here as well.
 */
import { text } from 'node:stream/consumers';
import { setImmediate as turn } from 'node:timers/promises';
import * as libc from './libc.ts';

const [address = '127.0.0.1', port = '9000', words = 'HELLO!!', deadline = '1000'] = process.argv.slice(2);
const server = { address, port: Number(port) };

let cancelled = false;
const cancel = () => {
  cancelled = true;
  process.stdin.destroy();
};
process.once('SIGTERM', cancel);
process.once('SIGINT', cancel);

const sockfd = libc.socket(libc.AF_INET, libc.SOCK_DGRAM);

try {
  // Port 0: the kernel chooses. Without bind(2) the first sendto(2) would do it.
  libc.bind(sockfd, { address: '0.0.0.0', port: 0 });
  console.log(`bound: port=${libc.getsockname(sockfd).port}`);

  const message = words === '-' ? await text(process.stdin) : words;
  libc.setsockopt(sockfd, libc.SOL_SOCKET, libc.SO_RCVTIMEO, libc.timeval(Number(deadline)));
  if (message !== '') {
    const bytes = libc.sendto(sockfd, Buffer.from(message), 0, server);
    console.log(`packet-written: bytes=${bytes}`);

    // From anybody: whether it is the server's answer is for the program to see.
    const buffer = Buffer.alloc(1024);
    for (let answered = false; !answered;) {
      await turn();
      if (cancelled) throw new Error('cancelled');
      try {
        const received = libc.recvfrom(sockfd, buffer);
        console.log(`packet-received: bytes=${received.bytes} from=${libc.say(received.from)}`);
        answered = libc.say(received.from) === libc.say(server);
      } catch (error) {
        if (!libc.failed(error, 'EINTR')) throw error;
      }
    }
  }
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
