/**
 * A TCP server that only receives, and counts.
 *
 *   make run FILE=lab/libc/tcp-sink.ts ARGS='127.0.0.1 9000 4096'      (address, port, SO_RCVBUF in bytes)
 *
 *   listening: at=127.0.0.1:9000
 *   packet-received: bytes=997 from=127.0.0.1:42240
 *   packet-received: bytes=1994 from=127.0.0.1:42240
 *   received: bytes=2991
 *   cancelled
 *
 * What to look for: a reader that is late closes the window: the server's kernel says how much room it has, and the
 * client's kernel sends no more than that. Nothing is lost.
 *
 * What it does not show: an answer; and a second client before the first has closed.
 */
import { setImmediate as turn } from 'node:timers/promises';
import * as libc from './libc.ts';

const [address = '127.0.0.1', port = '9000', room = ''] = process.argv.slice(2);

let cancelled = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => (cancelled = true));

const listening = libc.socket(libc.AF_INET, libc.SOCK_STREAM);
libc.setsockopt(listening, libc.SOL_SOCKET, libc.SO_REUSEADDR, 1);
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
  // Before listen(2): the window that the handshake offers comes from it (tcp(7)).
  if (room !== '') libc.setsockopt(listening, libc.SOL_SOCKET, libc.SO_RCVBUF, Number(room));
  libc.bind(listening, { address, port: Number(port) });
  libc.listen(listening, 511);
  console.log(`listening: at=${libc.say(libc.getsockname(listening))}`);

  const buffer = Buffer.alloc(65536);
  for (await turn(); !cancelled; await turn()) {
    const accepted = attempt(() => libc.accept4(listening));
    if (!accepted) continue;
    let total = 0;
    for (await turn(); !cancelled; await turn()) {
      const bytes = attempt(() => libc.read(accepted.fd, buffer));
      if (bytes === undefined) continue;
      if (bytes === 0) break; // the client's FIN, or its RST
      console.log(`packet-received: bytes=${bytes} from=${libc.say(accepted.from)}`);
      total += bytes;
    }
    console.log(`received: bytes=${total}`);
    libc.close(accepted.fd);
  }
  console.log('cancelled');
} catch (error) {
  console.error(String(error));
  process.exitCode = 1;
} finally {
  libc.close(listening);
}
