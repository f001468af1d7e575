/**
 * Two UDP clients in one program: two sockets, two messages, two answers.
 *
 *   node lab/node/udp-two-clients.ts 127.0.0.1 9000
 *
 *   connected: from=127.0.0.1:41822 to=127.0.0.1:9000
 *
 * What to look for: on the server’s side. One socket, and what tells the two apart is the address that recvmsg(2) returns
 * with each message.
 *
 * What it does not show: clients that are slow; a UDP server has nothing to wait for.
 */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

const [address = '127.0.0.1', port = '9000'] = process.argv.slice(2);

// socket(2), bind(2) to 0.0.0.0:0, connect(2).
async function dial(): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.connect(Number(port), address);
  await once(socket, 'connect');
  const local = socket.address();
  console.log(`connected: from=${local.address}:${local.port} to=${address}:${port}`);
  return socket;
}

// sendmsg(2), then recvmsg(2) when epoll(7) says so, then close(2).
async function ask(socket: Socket, message: string): Promise<void> {
  const signal = AbortSignal.timeout(4000);
  const answer = once(socket, 'message', { signal });
  socket.send(message, (error, bytes) => {
    if (error) console.error(String(error));
    else console.log(`packet-written: bytes=${bytes}`);
  });
  const [bytes, from] = await answer;
  console.log(`packet-received: bytes=${bytes.length} from=${from.address}:${from.port}`);
  socket.close();
}

// Both ask before either has an answer.
const [first, second] = [await dial(), await dial()];
await Promise.all([ask(first, 'FIRST'), ask(second, 'SECOND!')]);
