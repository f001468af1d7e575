/**
 * A TCP server that only receives, and counts.
 *
 *   make run FILE=lab/node/tcp-sink.ts ARGS='127.0.0.1 9000'
 *
 *   listening: at=127.0.0.1:9000
 *   packet-received: bytes=60 from=127.0.0.1:49060      (three messages of 20 bytes)
 *   received: bytes=60
 *   cancelled
 *
 * What to look for: a reader that is late (stop it with SIGSTOP while a client sends) closes the window: this host's
 * kernel tells how much room it has, and the client's kernel sends no more than that. Nothing is lost.
 *
 * What it does not show: a small receive buffer. net cannot set SO_RCVBUF, so a third argument is ignored;
 * lab/libc/tcp-sink.ts sets it. And no messages: what read(2) returns has no relation to what the client has written.
 */
import { createServer, type Socket } from 'node:net';

const [address = '127.0.0.1', port = '9000'] = process.argv.slice(2);
const connections = new Set<Socket>();

// accept4(2): the handshake was over before this call; it only hands out what the kernel has ready.
const server = createServer((connection) => {
  connections.add(connection);
  connection.on('close', () => connections.delete(connection));
  connection.on('error', (error) => console.error(error.message));

  // getpeername(2): the connection knows its client.
  const client = `${connection.remoteAddress}:${connection.remotePort}`;
  let total = 0;

  // read(2): as many bytes as are there, 65536 at most, since Node's buffer holds no more.
  connection.on('data', (message) => {
    console.log(`packet-received: bytes=${message.length} from=${client}`);
    total += message.length;
  });

  // read(2) returns 0: the client's FIN. Node then answers with shutdown(2) and close(2).
  connection.on('end', () => console.log(`received: bytes=${total}`));
});

server.on('error', (error) => {
  console.error(error.message);
  process.exitCode = 1;
});

// socket(2), bind(2), listen(2): from here on the kernel answers SYNs by itself. Before bind(2) libuv sets
// SO_REUSEADDR, so that connections in TIME-WAIT do not keep the port.
server.listen(Number(port), address, () => {
  const here = server.address();
  if (here !== null && typeof here === 'object') console.log(`listening: at=${here.address}:${here.port}`);
});

// close(2) of the listening socket and of each connection.
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    console.log('cancelled');
    server.close();
    for (const connection of connections) connection.destroy();
  });
}
