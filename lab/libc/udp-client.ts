/**
 * A UDP echo client that makes the article's calls itself, one a line, and waits inside them.
 *
 *   make run FILE=lab/libc/udp-client.ts ARGS='127.0.0.1 9000 HELLO!! 1000'      (address, port, message, deadline in ms)
 *   echo HELLO | make run FILE=lab/libc/udp-client.ts ARGS='127.0.0.1 9000 -'      (the message from standard input)
 *   make run FILE=lab/libc/udp-client.ts ARGS='127.0.0.1 9000 -' </dev/null        (no message: connect, then close)
 *
 *   connected: from=127.0.0.1:34659 to=127.0.0.1:9000
 *   packet-written: bytes=7
 *   packet-received: bytes=7 from=127.0.0.1:9000
 *
 * What to look for: socket(2), connect(2), write(2), read(2), close(2), and nothing between them. There is no bind(2):
 * connect(2) chooses address and port. read(2) does not return until something has come or the deadline is over.
 *
 * What it does not show: an event loop. While read(2) waits, no line of this program runs, no timer and no handler.
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
  // Returns 0 at once; nothing is sent.
  libc.connect(sockfd, server);
  console.log(
    `connected: from=${libc.say(libc.getsockname(sockfd))} to=${libc.say(libc.getpeername(sockfd))}`,
  );

  const message = words === '-' ? await text(process.stdin) : words;
  if (message !== '') {
    // The deadline of each read: it then fails with EAGAIN, as if the socket did not block.
    libc.setsockopt(sockfd, libc.SOL_SOCKET, libc.SO_RCVTIMEO, libc.timeval(Number(deadline)));

    // No destination: connect(2) has set it.
    const bytes = libc.write(sockfd, Buffer.from(message));
    console.log(`packet-written: bytes=${bytes}`);

    const buffer = Buffer.alloc(1024);
    for (let received = -1; received < 0;) {
      // A signal ends the read (EINTR), but its handler runs only when JavaScript gets a turn.
      await turn();
      if (cancelled) throw new Error('cancelled');
      try {
        received = libc.read(sockfd, buffer);
        console.log(`packet-received: bytes=${received} from=${libc.say(server)}`);
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
  // Nobody is told.
  libc.close(sockfd);
}
