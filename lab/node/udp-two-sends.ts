/**
 * Two messages, one right after the other, on a UDP socket.
 *
 *   node lab/node/udp-two-sends.ts 127.0.0.1 9000 ONE 'TWO!!' 1000      (address, port, two messages, deadline in ms)
 *
 *   connected: from=127.0.0.1:41822 to=127.0.0.1:9000
 *
 * What to look for: two sendmsg(2), two datagrams, two recvmsg(2) at the server, however late it looks.
 *
 * What it does not show: order. Here there is one way and one queue; on the Internet the second may overtake the first.
 */
import { createSocket } from 'node:dgram';
import { on, once } from 'node:events';

const [address = '127.0.0.1', port = '9000', one = 'ONE', two = 'TWO!!', deadline = '1000'] = process.argv.slice(2);

const socket = createSocket('udp4');

try {
  socket.connect(Number(port), address);
  await once(socket, 'connect');
  const local = socket.address();
  console.log(`connected: from=${local.address}:${local.port} to=${address}:${port}`);

  const answers = on(socket, 'message', { signal: AbortSignal.timeout(Number(deadline)) });

  // sendmsg(2), twice in the same turn of the event loop.
  for (const message of [one, two]) {
    socket.send(message, (error, bytes) => {
      if (error) console.error(String(error));
      else console.log(`packet-written: bytes=${bytes}`);
    });
  }

  // recvmsg(2), one datagram each.
  let received = 0;
  for await (const [message, from] of answers) {
    console.log(`packet-received: bytes=${message.length} from=${from.address}:${from.port}`);
    received += 1;
    if (received === 2) break;
  }
} catch (error) {
  const expired = error instanceof Error && error.name === 'AbortError';
  console.error(expired ? `read udp ${address}:${port}: i/o timeout` : String(error));
  process.exitCode = 1;
} finally {
  socket.close();
}
