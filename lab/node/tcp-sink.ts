/**
 * A TCP server that only receives, and counts.
 *
 *   node lab/node/tcp-sink.ts 127.0.0.1 9000      (address, port)
 *
 *   listening: at=127.0.0.1:9000
 *
 * What to look for: a reader that is late closes the window: the server's kernel says how much room it has, and the
 * client's kernel sends no more than that. Nothing is lost.
 *
 * What it does not show: a small receive buffer. Node has no way to set SO_RCVBUF of a TCP socket; lab/libc/tcp-sink.ts has.
 */
import { createServer, type Socket } from 'node:net';

const [address = '127.0.0.1', port = '9000'] = process.argv.slice(2);
const connections = new Set<Socket>();

const server = createServer((connection) => {
  connections.add(connection);
  connection.on('close', () => connections.delete(connection));
  connection.on('error', (error) => console.error(error.message));
  const client = `${connection.remoteAddress}:${connection.remotePort}`;

  // read(2): libuv gives it a buffer of 64 KiB.
  let total = 0;
  connection.on('data', (bytes) => {
    console.log(`packet-received: bytes=${bytes.length} from=${client}`);
    total += bytes.length;
  });
  connection.on('end', () => console.log(`received: bytes=${total}`));
});

server.on('error', (error) => {
  console.error(error.message);
  process.exitCode = 1;
});

server.listen(Number(port), address, () => {
  const here = server.address();
  if (here !== null && typeof here === 'object') console.log(`listening: at=${here.address}:${here.port}`);
});

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    console.log('cancelled');
    server.close();
    for (const connection of connections) connection.destroy();
  });
}
