/**
 * A UDP client that is bound first and connected later: what comes between?
 *
 *   (sleep 1; echo go) | node lab/node/udp-late-client.ts 127.0.0.1 9000 1000      (address, port, deadline in ms)
 *
 *   bound: port=54071
 *   packet-received: bytes=4 from=127.0.0.1:40112
 *   connected: from=127.0.0.1:54071 to=127.0.0.1:9000
 *
 * What to look for: a stranger's datagram that comes before connect(2) is received; afterwards only the peer's are.
 * Every UDP client of Node has this gap, if a small one: it is bound before it is connected.
 *
 * What it does not show: the queue. Node receives as soon as it is bound, so the datagram does not wait for connect(2);
 * lab/libc/udp-late-client.ts leaves it in the queue, connects, and still receives it.
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

const [address = '127.0.0.1', port = '9000', deadline = '1000'] = process.argv.slice(2);

const cancel = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    cancel.abort();
    process.stdin.destroy();
  });
}

const socket = createSocket('udp4');

// recvmsg(2): from now on, from anybody.
socket.on('message', (message, from) => {
  console.log(`packet-received: bytes=${message.length} from=${from.address}:${from.port}`);
});

try {
  // bind(2) to 0.0.0.0:0.
  socket.bind(0);
  await once(socket, 'listening', { signal: cancel.signal });
  console.log(`bound: port=${socket.address().port}`);

  // A line on standard input.
  await once(process.stdin, 'data', { signal: cancel.signal });
  process.stdin.destroy();

  // connect(2): from now on the kernel takes datagrams of this peer alone, and answers others with ICMP.
  socket.connect(Number(port), address);
  await once(socket, 'connect', { signal: cancel.signal });
  const local = socket.address();
  const peer = socket.remoteAddress();
  console.log(`connected: from=${local.address}:${local.port} to=${peer.address}:${peer.port}`);

  const expiry = AbortSignal.any([cancel.signal, AbortSignal.timeout(Number(deadline))]);
  await once(expiry, 'abort');
  throw expiry.reason;
} catch (error) {
  if (cancel.signal.aborted) {
    console.log('cancelled');
  } else {
    const expired = error instanceof Error && error.name === 'TimeoutError';
    console.error(expired ? `read udp ${address}:${port}: i/o timeout` : String(error));
    process.exitCode = 1;
  }
} finally {
  socket.close();
}
