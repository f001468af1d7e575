/**
 * Two messages, one right after the other, on a TCP connection.
 *
 *   node lab/node/tcp-two-sends.ts 127.0.0.1 9000 ONE 'TWO!!' 1000      (address, port, two messages, deadline in ms)
 *
 *   connected: from=127.0.0.1:41822 to=127.0.0.1:9000
 *
 * What to look for: two write(2), and at a server that is late one read(2) with both: a stream has no messages.
 *
 * What it does not show: how programs put messages into a stream: by a length before each, or a sign after it.
 */
import { on, once } from 'node:events';
import { createConnection } from 'node:net';

const [address = '127.0.0.1', port = '9000', one = 'ONE', two = 'TWO!!', deadline = '1000'] = process.argv.slice(2);

const socket = createConnection(Number(port), address);

try {
  await once(socket, 'connect');
  console.log(`connected: from=${socket.localAddress}:${socket.localPort} to=${address}:${port}`);

  const answers = on(socket, 'data', { signal: AbortSignal.timeout(Number(deadline)) });

  // write(2), twice in the same turn of the event loop.
  for (const message of [one, two]) {
    socket.write(message, (error) => {
      if (error) console.error(String(error));
      else console.log(`packet-written: bytes=${message.length}`);
    });
  }

  // read(2), however many it takes.
  let missing = one.length + two.length;
  for await (const [bytes] of answers) {
    console.log(`packet-received: bytes=${bytes.length} from=${address}:${port}`);
    missing -= bytes.length;
    if (missing <= 0) break;
  }

  socket.resume().end();
  await once(socket, 'close');
} catch (error) {
  const expired = error instanceof Error && error.name === 'AbortError';
  console.error(expired ? `read tcp ${address}:${port}: i/o timeout` : String(error));
  process.exitCode = 1;
} finally {
  socket.destroy();
}
