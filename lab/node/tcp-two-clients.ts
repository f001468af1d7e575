/**
 * Two TCP clients in one program: two connections, two messages, two answers.
 *
 *   node lab/node/tcp-two-clients.ts 127.0.0.1 9000
 *
 *   connected: from=127.0.0.1:41822 to=127.0.0.1:9000
 *
 * What to look for: on the server’s side. A descriptor for each client, from accept4(2), beside the one that listens.
 *
 * What it does not show: a message that comes in pieces; a stream has no messages, these are short enough for one read.
 */
import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';

const [address = '127.0.0.1', port = '9000'] = process.argv.slice(2);

// socket(2), connect(2).
async function dial(): Promise<Socket> {
  const socket = createConnection(Number(port), address);
  await once(socket, 'connect');
  console.log(`connected: from=${socket.localAddress}:${socket.localPort} to=${address}:${port}`);
  return socket;
}

// write(2), then read(2) when epoll(7) says so, then shutdown(2) and close(2).
async function ask(socket: Socket, message: string): Promise<void> {
  const signal = AbortSignal.timeout(4000);
  const answer = once(socket, 'data', { signal });
  socket.write(message, () => console.log(`packet-written: bytes=${message.length}`));
  const [bytes] = await answer;
  console.log(`packet-received: bytes=${bytes.length} from=${address}:${port}`);
  socket.resume().end();
  await once(socket, 'close', { signal });
}

// Both ask before either has an answer.
const [first, second] = [await dial(), await dial()];
await Promise.all([ask(first, 'FIRST'), ask(second, 'SECOND!')]);
