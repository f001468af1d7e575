/**
 * A UDP echo server: whatever arrives goes back to the address it came from.
 *
 *   make run FILE=lab/node/udp-server.ts ARGS='127.0.0.1 9000'
 *
 *   listening: at=127.0.0.1:9000
 *   packet-received: bytes=7 from=127.0.0.1:50263
 *   packet-written: bytes=7 to=127.0.0.1:50263
 *   cancelled
 *
 * What to look for: one socket serves every client. There is no listen(2), no accept(2) and no connection:
 * the only thing that ties an answer to a question is the address that came with the datagram.
 *
 * What it does not show: recvfrom(2) and sendto(2), the calls of a program that blocks. Node's library, libuv,
 * asks for the same things with recvmsg(2) and sendmsg(2), on a socket that never blocks.
 */
import { createSocket } from 'node:dgram';

const [address = '127.0.0.1', port = '9000'] = process.argv.slice(2);

// socket(2): SOCK_DGRAM, so that every send is one datagram and every receive returns one.
const socket = createSocket('udp4');

socket.on('error', (error) => {
  console.error(error.message);
  process.exitCode = 1;
  socket.close();
});

// bind(2): the address that clients write to. UDP needs nothing more to receive.
socket.bind(Number(port), address);
socket.on('listening', () => {
  // getsockname(2): with port 0 the kernel has chosen one.
  const here = socket.address();
  console.log(`listening: at=${here.address}:${here.port}`);
});

// recvmsg(2): epoll(7) says that the socket is readable, then one call returns one datagram and its sender.
socket.on('message', (message, from) => {
  console.log(`packet-received: bytes=${message.length} from=${from.address}:${from.port}`);

  // sendmsg(2) with msg_name set: an unconnected socket must be told the destination of each datagram.
  socket.send(message, from.port, from.address, (error, bytes) => {
    if (error) console.error(error.message);
    else console.log(`packet-written: bytes=${bytes} to=${from.address}:${from.port}`);
  });
});

// close(2): nobody is told. A client that writes now gets an ICMP error from the kernel, or nothing at all.
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    console.log('cancelled');
    socket.close();
  });
}
