/**
 * A small DNS server: a question for an IPv4 address comes in one datagram, the answer goes back in one.
 *
 *   node lab/node/udp-dns-server.ts 127.0.0.1 53 dns.lab=127.0.0.1 two.lab=10.0.0.2,10.0.0.9
 *
 * @@OUT@@
 *
 * What to look for: the message has its own number (ID), because UDP has none: it ties the answer to the question, and
 * makes it hard for a stranger to answer first. Port 53 is below 1024: bind(2) wants CAP_NET_BIND_SERVICE, or the
 * sysctl net.ipv4.ip_unprivileged_port_start=53.
 *
 * What it does not show: asking other servers, several questions in one message, EDNS, answers over 512 bytes (TCP).
 */
import { createSocket } from 'node:dgram';

const [address = '127.0.0.1', port = '53', ...records] = process.argv.slice(2);
const zone = new Map<string, string[]>();
for (const record of records) {
  const [name = '', addresses = ''] = record.split('=');
  zone.set(name.toLowerCase(), addresses.split(','));
}

/** The answer to a query (RFC 1035, section 4.1), and its question; undefined if it is not a query with one question. */
function answer(query: Buffer): { reply: Buffer; name: string; type: string } | undefined {
  // Header: six numbers of 16 bits, the high byte first:
  //   0 ID   2 QR(1) OPCODE(4) AA(1) TC(1) RD(1) RA(1) Z(3) RCODE(4)   4 QDCOUNT   6 ANCOUNT   8 NSCOUNT   10 ARCOUNT
  if (query.length < 12 || query.readUInt16BE(4) !== 1) return undefined;
  const flags = query.readUInt16BE(2);
  if ((flags & 0xf800) !== 0) return undefined; // QR=1: not a query; OPCODE: not a standard one

  // QNAME: labels, each a length byte and so many bytes; the length 0 ends it: 3 dns 3 lab 0.
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at]; length; length = query[at]) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length).toLowerCase());
    at += 1 + length;
  }
  const name = labels.join('.');

  // QTYPE: 1 is A, an IPv4 address; 28 is AAAA, IPv6 (RFC 3596). QCLASS: 1 is IN, the Internet.
  const end = at + 1 + 2 + 2;
  if (query.length < end) return undefined;
  const qtype = query.readUInt16BE(at + 1);
  const type = { 1: 'A', 28: 'AAAA' }[qtype] ?? `TYPE${qtype}`;

  // A name that is known but has no record of that type: no error and no answer. One that is unknown: RCODE 3, NXDOMAIN.
  const known = zone.get(name);
  const addresses = qtype === 1 ? (known ?? []) : [];
  const header = Buffer.alloc(12);
  query.copy(header, 0, 0, 2); // the ID of the query
  header.writeUInt16BE(0x8400 | (flags & 0x0100) | (known ? 0 : 3), 2); // QR, AA: it is our zone; RD as it came; RCODE
  header.writeUInt16BE(1, 4); // QDCOUNT: the question is repeated
  header.writeUInt16BE(addresses.length, 6); // ANCOUNT

  // Each answer: NAME c00c (a pointer: "as at byte 12"), TYPE 1, CLASS 1, TTL 0 s, RDLENGTH 4, then the address.
  const answers = addresses.flatMap((ip) => [
    0xc0,
    12,
    0,
    1,
    0,
    1,
    0,
    0,
    0,
    0,
    0,
    4,
    ...ip.split('.').map(Number),
  ]);
  return { reply: Buffer.concat([header, query.subarray(12, end), Buffer.from(answers)]), name, type };
}

// socket(2), bind(2): as any UDP server; port 53 is all that makes it a name server.
const socket = createSocket('udp4');
socket.on('error', (error) => {
  console.error(error.message);
  process.exitCode = 1;
  socket.close();
});
socket.bind(Number(port), address, () => {
  const here = socket.address();
  console.log(`listening: at=${here.address}:${here.port}`);
});

// recvmsg(2), then sendmsg(2) to where it came from. What is not a query gets no answer: the client asks again.
socket.on('message', (query, from) => {
  const found = answer(query);
  if (!found) return;
  console.log(`query: name=${found.name} type=${found.type} from=${from.address}:${from.port}`);
  socket.send(found.reply, from.port, from.address);
});

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    console.log('cancelled');
    socket.close();
  });
}
