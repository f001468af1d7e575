/**
 * A UDP server that only receives, and counts.
 *
 *   make run FILE=lab/node/udp-sink.ts ARGS='127.0.0.1 9000 4096'      (address, port, SO_RCVBUF in bytes)
 *
 *   listening: at=127.0.0.1:9000
 *   packet-received: bytes=997 from=127.0.0.1:59875
 *   packet-received: bytes=997 from=127.0.0.1:59875
 *   packet-received: bytes=997 from=127.0.0.1:59875
 *   received: bytes=2991 datagrams=3
 *   cancelled
 *
 * What to look for: with a small receive buffer, and a reader that is late (stop it with SIGSTOP while a client
 * sends), datagrams vanish here: they have arrived at the host, no call ever returns them, and only a counter of the
 * host knows: here 23 were sent, and RcvbufErrors in /proc/net/snmp went from 0 to 20.
 *
 * What it does not show: an answer. The client learns nothing either way.
 */
import { createSocket } from 'node:dgram';

const [address = '127.0.0.1', port = '9000', room = ''] = process.argv.slice(2);
let [total, datagrams] = [0, 0];

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
  // setsockopt(SO_RCVBUF): Node can set it only now. The kernel doubles the number, and counts its own bookkeeping
  // of each datagram against it (socket(7)), so that far fewer bytes of data fit in than one might think.
  if (room !== '') socket.setRecvBufferSize(Number(room));

  // getsockname(2): with port 0 the kernel has chosen one.
  const here = socket.address();
  console.log(`listening: at=${here.address}:${here.port}`);
});

// recvmsg(2): one call, one datagram, and again until EAGAIN: the socket's queue is empty. Then epoll(7) waits.
socket.on('message', (message, from) => {
  console.log(`packet-received: bytes=${message.length} from=${from.address}:${from.port}`);
  total += message.length;
  datagrams += 1;
});

// close(2): what is still in the queue is thrown away with it.
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    console.log(`received: bytes=${total} datagrams=${datagrams}`);
    console.log('cancelled');
    socket.close();
  });
}
