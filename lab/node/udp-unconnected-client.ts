/**
 * A UDP client that never connects: each datagram is told where to go, and anybody may answer.
 *
 *   node lab/node/udp-unconnected-client.ts 127.0.0.1 9000 'HELLO!!' 1000      (address, port, message, deadline in ms)
 *
 *   bound: port=54071
 *   packet-written: bytes=7
 *   packet-received: bytes=7 from=127.0.0.1:9000
 *
 * What to look for: sendmsg(2) with msg_name set. When nobody listens there, the ICMP error reaches this host and no
 * call returns it: the kernel cannot know which of a socket's many peers it is about.
 *
 * What it does not show: connect(2), see udp-client.ts. What others send is received here as well.
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

const [address = '127.0.0.1', port = '9000', words = 'HELLO!!', deadline = '1000'] = process.argv.slice(2);

const cancel = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    cancel.abort();
    process.stdin.destroy();
  });
}

// socket(2): SOCK_DGRAM|SOCK_CLOEXEC|SOCK_NONBLOCK.
const socket = createSocket('udp4');

// recvmsg(2), from anybody: whether it is the server's answer is for the program to see.
const answered = new Promise<void>((resolve) => {
  socket.on('message', (message, from) => {
    console.log(`packet-received: bytes=${message.length} from=${from.address}:${from.port}`);
    if (from.address === address && from.port === Number(port)) resolve();
  });
});

try {
  // bind(2) to 0.0.0.0:0: any address, and a port that the kernel chooses.
  socket.bind(0);
  await once(socket, 'listening', { signal: cancel.signal });
  console.log(`bound: port=${socket.address().port}`);

  const message = words === '-' ? await text(process.stdin) : words;
  if (message !== '') {
    // sendmsg(2) with the destination in msg_name: this socket has no peer.
    await new Promise<void>((resolve, reject) => {
      socket.send(message, Number(port), address, (error, bytes) => {
        if (error) return reject(error);
        console.log(`packet-written: bytes=${bytes}`);
        resolve();
      });
    });
    const expiry = AbortSignal.any([cancel.signal, AbortSignal.timeout(Number(deadline))]);
    await Promise.race([answered, once(expiry, 'abort').then(() => Promise.reject(expiry.reason))]);
  }
} catch (error) {
  if (cancel.signal.aborted) {
    console.log('cancelled');
  } else {
    const expired = error instanceof Error && error.name === 'TimeoutError';
    console.error(expired ? `read udp ${address}:${port}: i/o timeout` : String(error));
    process.exitCode = 1;
  }
} finally {
  // close(2): nothing leaves the host.
  socket.close();
}
