/**
 * Two TCP clients in one program: two connections, two messages, two answers.
 *
 *   make run FILE=lab/libc/tcp-two-clients.ts ARGS='127.0.0.1 9000'
 *
 *   connected: from=127.0.0.1:42208 to=127.0.0.1:9000
 *   connected: from=127.0.0.1:42214 to=127.0.0.1:9000
 *   packet-written: bytes=5
 *   packet-written: bytes=7
 *   packet-received: bytes=5 from=127.0.0.1:9000
 *   packet-received: bytes=7 from=127.0.0.1:9000
 *
 * What to look for: on the server’s side. A descriptor for each client, from accept4(2). A server that serves one at a
 * time (lab/libc/tcp-server.ts) answers the second when the first has closed; the kernel has long connected both.
 *
 * What it does not show: a message that comes in pieces; a stream has no messages, these are short enough for one read.
 */
import * as libc from './libc.ts';

const [address = '127.0.0.1', port = '9000'] = process.argv.slice(2);
const server = { address, port: Number(port) };

function dial(): number {
  const sockfd = libc.socket(libc.AF_INET, libc.SOCK_STREAM);
  libc.connect(sockfd, server);
  libc.setsockopt(sockfd, libc.SOL_SOCKET, libc.SO_RCVTIMEO, libc.timeval(4000));
  console.log(
    `connected: from=${libc.say(libc.getsockname(sockfd))} to=${libc.say(libc.getpeername(sockfd))}`,
  );
  return sockfd;
}

function send(sockfd: number, message: string): void {
  console.log(`packet-written: bytes=${libc.write(sockfd, Buffer.from(message))}`);
}

function receive(sockfd: number): void {
  const bytes = libc.read(sockfd, Buffer.alloc(1024));
  console.log(`packet-received: bytes=${bytes} from=${libc.say(server)}`);
}

const [first, second] = [dial(), dial()];

// Both ask before either has an answer.
send(first, 'FIRST');
send(second, 'SECOND!');

receive(first);
libc.close(first);

receive(second);
libc.close(second);
