/**
 * A UDP server that only receives, and counts.
 *
 *   node lab/node/udp-sink.ts 127.0.0.1 9000 4096      (address, port, SO_RCVBUF in bytes)
 *
 *   listening: at=127.0.0.1:9000
 *
 * What to look for: with a small receive buffer, and a reader that is late, datagrams vanish here: they have arrived at
 * the host, no call ever returns them, and only a counter of the host knows (RcvbufErrors).
 *
 * What it does not show: an answer. The client learns nothing either way.
 */
import { createSocket } from 'node:dgram';

const [address = '127.0.0.1', port = '9000', room = ''] = process.argv.slice(2);

// setsockopt(SO_RCVBUF), when the socket is bound.
const socket = createSocket({ type: 'udp4', ...(room !== '' && { recvBufferSize: Number(room) }) });
socket.on('error', (error) => {
  console.error(error.message);
  process.exitCode = 1;
  socket.close();
});

socket.bind(Number(port), address);
socket.on('listening', () => {
  const here = socket.address();
  console.log(`listening: at=${here.address}:${here.port}`);
});

let [total, datagrams] = [0, 0];
socket.on('message', (message, from) => {
  console.log(`packet-received: bytes=${message.length} from=${from.address}:${from.port}`);
  total += message.length;
  datagrams += 1;
});

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    console.log(`received: bytes=${total} datagrams=${datagrams}`);
    console.log('cancelled');
    socket.close();
  });
}
