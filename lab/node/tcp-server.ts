/**
 * A TCP echo server: whatever arrives on a connection goes back on that connection.
 *
 *   make run FILE=lab/node/tcp-server.ts ARGS='127.0.0.1 9000'
 *
 *   listening: at=127.0.0.1:9000
 *   packet-received: bytes=7 from=127.0.0.1:46178
 *   packet-written: bytes=7 to=127.0.0.1:46178
 *   cancelled
 *
 * What to look for: two kinds of socket. The one of listen(2) never carries a byte; accept4(2) makes another for
 * each client, and that descriptor, not an address, is what the answer is written to.
 *
 * What it does not show: message boundaries. A `data` event is as much as one read(2) returned, which may be half
 * of what the client wrote, or two of its writes together.
 */
import { createServer, type Socket } from 'node:net';

const [address = '127.0.0.1', port = '9000'] = process.argv.slice(2);
const connections = new Set<Socket>();

// accept4(2): the handshake was over before this call; it only hands out what the kernel has ready.
const server = createServer((connection) => {
  connections.add(connection);
  connection.on('close', () => connections.delete(connection));
  connection.on('error', (error) => console.error(error.message));

  // getpeername(2): the connection knows its client, no message needs to say it.
  const client = `${connection.remoteAddress}:${connection.remotePort}`;

  // read(2): 0 bytes mean that the client has shut down its side; Node then answers with shutdown(2) and close(2).
  connection.on('data', (message) => {
    console.log(`packet-received: bytes=${message.length} from=${client}`);

    // write(2): no destination, the descriptor is the connection.
    connection.write(message, (error) => {
      if (error) console.error(error.message);
      else console.log(`packet-written: bytes=${message.length} to=${client}`);
    });
  });
});

server.on('error', (error) => {
  console.error(error.message);
  process.exitCode = 1;
});

// socket(2), bind(2), listen(2): from here on the kernel answers SYNs by itself.
server.listen(Number(port), address, () => {
  const here = server.address();
  if (here !== null && typeof here === 'object') console.log(`listening: at=${here.address}:${here.port}`);
});

// close(2) of the listening socket and of each connection: a FIN to every client that is still there.
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    console.log('cancelled');
    server.close();
    for (const connection of connections) connection.destroy();
  });
}
