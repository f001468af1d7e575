/**
 * Asks the name server itself, by dns.resolve4(), and dials the first address.
 *
 *   node lab/node/udp-resolve4.ts - 9000 example.lab      (unused, port, name)
 *
 * What to look for: all of it happens on the main thread: the query is a UDP socket of c-ares, a resolver that never
 * blocks. /etc/hosts is not read, so a name that stands only there is not found.
 *
 * What it does not show: getaddrinfo(3), what `ping` and most programs use: udp-resolve.ts.
 */
import { createSocket } from 'node:dgram';
import { resolve4 } from 'node:dns/promises';
import { once } from 'node:events';

const [, port = '9000', name = 'localhost'] = process.argv.slice(2);

// socket(2), connect(2) to port 53, sendto(2), recvfrom(2).
const [address] = await resolve4(name);

// socket(2), bind(2), connect(2).
const socket = createSocket('udp4');
socket.connect(Number(port), address);
await once(socket, 'connect');
const peer = socket.remoteAddress();
console.log(`connected: name=${name} to=${peer.address}:${peer.port}`);
socket.close();
