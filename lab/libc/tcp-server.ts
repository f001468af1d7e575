/**
 * A TCP echo server that makes the calls itself: accept4(2), then read(2) and write(2) until the client has done.
 *
 *   make run FILE=lab/libc/tcp-server.ts ARGS='127.0.0.1 9000'
 *
 *   listening: at=127.0.0.1:9000
 *   packet-received: bytes=7 from=127.0.0.1:42238
 *   packet-written: bytes=7 to=127.0.0.1:42238
 *   cancelled
 *
 * What to look for: it answers a single client at a time. Who connects meanwhile is connected, by the kernel, and may
 * write; the program accepts that connection when it has closed this one.
 *
 * What it does not show: message boundaries. read(2) returns what is there, half a message or two.
 */
import { setImmediate as turn } from 'node:timers/promises';
import * as libc from './libc.ts';

const [address = '127.0.0.1', port = '9000'] = process.argv.slice(2);

let cancelled = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => (cancelled = true));

const listening = libc.socket(libc.AF_INET, libc.SOCK_STREAM);

// A server that starts again may have its port although old connections are in TIME-WAIT. Node sets it too.
libc.setsockopt(listening, libc.SOL_SOCKET, libc.SO_REUSEADDR, 1);

// Without a time limit a signal would only begin accept4(2) anew, and its handler would never get a turn (signal(7)).
// The sockets that accept4(2) makes have it too.
libc.setsockopt(listening, libc.SOL_SOCKET, libc.SO_RCVTIMEO, libc.timeval(1000));

/** What the call returns; undefined when its time was up (EAGAIN) or a signal came (EINTR); 0 after a RST. */
const attempt = <T>(call: () => T): T | 0 | undefined => {
  try {
    return call();
  } catch (error) {
    if (libc.failed(error, 'EAGAIN') || libc.failed(error, 'EINTR')) return undefined;
    if (!libc.failed(error, 'ECONNRESET')) throw error;
    console.error(String(error));
    return 0;
  }
};

try {
  libc.bind(listening, { address, port: Number(port) });
  libc.listen(listening, 511);
  console.log(`listening: at=${libc.say(libc.getsockname(listening))}`);

  const buffer = Buffer.alloc(1024);
  for (await turn(); !cancelled; await turn()) {
    const accepted = attempt(() => libc.accept4(listening));
    if (!accepted) continue;
    const client = libc.say(accepted.from);
    for (await turn(); !cancelled; await turn()) {
      const bytes = attempt(() => libc.read(accepted.fd, buffer));
      if (bytes === undefined) continue;
      if (bytes === 0) break; // the client's FIN, or its RST
      console.log(`packet-received: bytes=${bytes} from=${client}`);

      // No address: the descriptor is the connection.
      const written = libc.write(accepted.fd, buffer.subarray(0, bytes));
      console.log(`packet-written: bytes=${written} to=${client}`);
    }
    libc.close(accepted.fd);
  }
  console.log('cancelled');
} catch (error) {
  console.error(String(error));
  process.exitCode = 1;
} finally {
  libc.close(listening);
}
