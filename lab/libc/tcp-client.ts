/**
 * A TCP echo client that makes the article's calls itself, one a line, and waits inside them.
 *
 *   make run FILE=lab/libc/tcp-client.ts ARGS='127.0.0.1 9000 HELLO!! 1000'      (address, port, message, deadline in ms)
 *   echo HELLO | make run FILE=lab/libc/tcp-client.ts ARGS='127.0.0.1 9000 -'      (the message from standard input)
 *   make run FILE=lab/libc/tcp-client.ts ARGS='127.0.0.1 9000 -' </dev/null        (no message: connect, then close)
 *
 *   connected: from=127.0.0.1:42206 to=127.0.0.1:9000
 *   packet-written: bytes=7
 *   packet-received: bytes=7 from=127.0.0.1:9000
 *
 * What to look for: connect(2) returns 0, and not before the server has answered: this socket blocks. Node's returns
 * EINPROGRESS at once (lab/node/tcp-client.ts); tcp-nonblocking-client.ts does here what Node and Go do.
 *
 * What it does not show: an event loop. While connect(2) or read(2) waits, no line of this program runs.
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

const sockfd = libc.socket(libc.AF_INET, libc.SOCK_STREAM);

try {
  // SYN, SYN ACK and ACK cross the link before this returns 0.
  libc.connect(sockfd, server);
  console.log(
    `connected: from=${libc.say(libc.getsockname(sockfd))} to=${libc.say(libc.getpeername(sockfd))}`,
  );

  const message = words === '-' ? await text(process.stdin) : words;
  if (message !== '') {
    // The deadline of each read: it then fails with EAGAIN, as if the socket did not block.
    libc.setsockopt(sockfd, libc.SOL_SOCKET, libc.SO_RCVTIMEO, libc.timeval(Number(deadline)));

    // The kernel has the bytes; the server may not have them yet.
    const bytes = libc.write(sockfd, Buffer.from(message));
    console.log(`packet-written: bytes=${bytes}`);

    // A stream has no messages: count bytes until as many are back as went out.
    const buffer = Buffer.alloc(1024);
    for (let received = 0; received < bytes;) {
      // A signal ends the read (EINTR), but its handler runs only when JavaScript gets a turn.
      await turn();
      if (cancelled) throw new Error('cancelled');
      try {
        const count = libc.read(sockfd, buffer);
        if (count === 0) throw new Error(`read tcp ${address}:${port}: EOF`);
        console.log(`packet-received: bytes=${count} from=${libc.say(server)}`);
        received += count;
      } catch (error) {
        if (!libc.failed(error, 'EINTR')) throw error;
      }
    }
  }
} catch (error) {
  if (cancelled) {
    console.log('cancelled');
  } else {
    console.error(libc.failed(error, 'EAGAIN') ? `read tcp ${address}:${port}: i/o timeout` : String(error));
    process.exitCode = 1;
  }
} finally {
  // The kernel sends a FIN, now or when what is queued has been sent.
  libc.close(sockfd);
}
