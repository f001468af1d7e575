/**
 * A UDP client that never connects: each datagram is told where to go, and anybody may answer.
 *
 *   make run FILE=lab/node/udp-unconnected-client.ts ARGS='127.0.0.1 9000 HELLO!! 1000'      (address, port, message, deadline in ms)
 *   (sleep 9; echo -n 'HELLO!!') | make run FILE=lab/node/udp-unconnected-client.ts ARGS='127.0.0.1 9000 -'      (time for a stranger)
 *
 *   bound: port=34874
 *   packet-received: bytes=4 from=127.0.0.1:44897
 *   packet-written: bytes=7
 *   packet-received: bytes=7 from=127.0.0.1:9000
 *
 * What to look for: no connect(2). sendmsg(2) has a destination (msg_name), and recvmsg(2) returns whatever comes to
 * the port, a stranger's datagram (the PSST of 4 bytes) like the server's. That it is not the answer is for the
 * program to see, from the address that came with it.
 *
 * What it does not show: an error when nobody listens. The ICMP message reaches this host, and no call returns it:
 * the kernel reports it to connected sockets alone, unless asked for by IP_RECVERR (net/ipv4/udp.c, __udp4_lib_err).
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { addAbortSignal } from 'node:stream';
import { text } from 'node:stream/consumers';

const [address = '127.0.0.1', port = '9000', words = 'HELLO!!', deadline = '1000'] = process.argv.slice(2);

const cancel = new AbortController();
process.once('SIGTERM', () => cancel.abort());
process.once('SIGINT', () => cancel.abort());
const expiry = () => AbortSignal.any([cancel.signal, AbortSignal.timeout(Number(deadline))]);

// socket(2): SOCK_DGRAM|SOCK_CLOEXEC|SOCK_NONBLOCK.
const socket = createSocket('udp4');

// recvmsg(2): one datagram and its sender, whoever that is. Node receives from bind(2) on, also while the program
// waits for its message; a datagram that no listener takes would be gone.
socket.on('message', (answer, from) => {
  console.log(`packet-received: bytes=${answer.length} from=${from.address}:${from.port}`);
});

try {
  // bind(2): all of the host's addresses, and port 0: the kernel chooses one. getsockname(2) tells which.
  socket.bind(0, '0.0.0.0');
  await once(socket, 'listening', { signal: expiry() });
  console.log(`bound: port=${socket.address().port}`);

  const message = words === '-' ? await text(addAbortSignal(cancel.signal, process.stdin)) : words;
  if (message !== '') {
    // sendmsg(2) with msg_name set: the kernel keeps no peer, so each datagram carries its destination.
    await new Promise<void>((resolve, reject) => {
      socket.send(message, Number(port), address, (error, bytes) => {
        if (error) return reject(error);
        console.log(`packet-written: bytes=${bytes}`);
        resolve();
      });
    });

    // Until the server's own has come: only the program compares addresses here, the kernel does not.
    const signal = expiry();
    for (let answered = false; !answered;) {
      const [, from] = await once(socket, 'message', { signal });
      answered = from.address === address && from.port === Number(port);
    }
  }
} catch (error) {
  if (cancel.signal.aborted) {
    console.log('cancelled');
  } else {
    const expired = error instanceof Error && error.name === 'AbortError';
    console.error(expired ? `read udp ${address}:${port}: i/o timeout` : String(error));
    process.exitCode = 1;
  }
} finally {
  // close(2): nothing leaves the host.
  socket.close();
}
