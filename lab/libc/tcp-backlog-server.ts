/**
 * A TCP server that listens and never accepts.
 *
 *   make run FILE=lab/libc/tcp-backlog-server.ts ARGS='127.0.0.1 9000'
 *
 *   listening: at=127.0.0.1:9000
 *   cancelled
 *
 * What to look for: clients connect, and write, and their data is acknowledged. The kernel does all of that; accept(2)
 * would only hand out a connection that is there already.
 *
 * What it does not show: a backlog that is full. Then the kernel leaves SYNs unanswered, and clients repeat them.
 */
import { once } from 'node:events';
import * as libc from './libc.ts';

const [address = '127.0.0.1', port = '9000'] = process.argv.slice(2);

const listening = libc.socket(libc.AF_INET, libc.SOCK_STREAM);
libc.setsockopt(listening, libc.SOL_SOCKET, libc.SO_REUSEADDR, 1);
libc.bind(listening, { address, port: Number(port) });
libc.listen(listening, 511);
console.log(`listening: at=${libc.say(libc.getsockname(listening))}`);

// Something to wait for: an event loop with nothing to do would end the program.
const idle = setInterval(() => undefined, 60_000);
await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
clearInterval(idle);
console.log('cancelled');

// Who is in the queue gets a RST: their data was never read.
libc.close(listening);
