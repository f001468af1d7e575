/**
 * A small DNS server: a question for an IPv4 address comes in one datagram, the answer goes back in one.
 *
 *   node lab/node/udp-dns-server.ts 10.0.0.2 53 dns.lab=10.0.0.2 two.lab=10.0.0.2,10.0.0.9      (make shell HOST=server)
 *
 *   listening: at=10.0.0.2:53
 *   query: name=dns.lab type=A from=10.0.0.1:48199
 *   query: name=two.lab type=AAAA from=10.0.0.1:59993
 *   cancelled
 *
 * What to look for: the message has a number of its own (ID), because UDP has none: it ties the answer to the question.
 * Port 53 is below 1024: bind(2) wants CAP_NET_BIND_SERVICE, or the sysctl net.ipv4.ip_unprivileged_port_start=53.
 *
 * What it does not show: asking other servers, several questions in a message, answers over 512 bytes (EDNS, TCP).
 */
import { createSocket } from 'node:dgram';

const [address = '127.0.0.1', port = '53', ...records] = process.argv.slice(2);
const zone = new Map<string, string[]>();
for (const record of records) {
  const [name = '', addresses = ''] = record.split('=');
  zone.set(name.toLowerCase(), addresses.split(','));
}

// socket(2), bind(2): as any UDP server.
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

// recvmsg(2): one datagram, one message of RFC 1035, section 4. What is not a query gets no answer.
socket.on('message', (query, from) => {
  // Header, six numbers of 16 bits, the high byte first. At byte 0: ID. 2: the bits QR, OPCODE (4), AA, TC, RD, RA,
  // Z (3), RCODE (4). 4: QDCOUNT, questions; 6: ANCOUNT, answers; 8: NSCOUNT; 10: ARCOUNT.
  if (query.length < 12) return;
  const flags = query.readUInt16BE(2);
  if ((flags & 0xf800) !== 0 || query.readUInt16BE(4) !== 1) return; // QR 0: a query; OPCODE 0: a standard one

  // Question. QNAME: labels, each a length byte and so many bytes, until the length is 0: 3 dns 3 lab 0.
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at]; length; length = query[at]) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length).toLowerCase());
    at += 1 + length;
  }
  // Behind that 0, QTYPE: 1 is A, an IPv4 address, 28 AAAA, IPv6 (RFC 3596); then QCLASS: 1 is IN, the Internet.
  const end = at + 1 + 2 + 2;
  if (query.length < end) return;
  const qtype = query.readUInt16BE(at + 1);
  const [name, type] = [labels.join('.'), { 1: 'A', 28: 'AAAA' }[qtype] ?? `TYPE${qtype}`];
  console.log(`query: name=${name} type=${type} from=${from.address}:${from.port}`);

  // Answers. NAME c00c: a pointer, "as at byte 12"; TYPE 1; CLASS 1; TTL 0 s (32 bits); RDLENGTH 4; the address.
  const addresses = (qtype === 1 && zone.get(name)) || [];
  const answers = addresses.map((ip) =>
    Buffer.of(0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, ...ip.split('.').map(Number)),
  );

  // Header: the query's ID; QR and AA, a reply of the zone's own server; RD as it came; RCODE 3, NXDOMAIN, if no such
  // name exists. A name without a record of that type is no error: RCODE 0, ANCOUNT 0.
  const header = Buffer.alloc(12);
  header.writeUInt16BE(query.readUInt16BE(0), 0);
  header.writeUInt16BE(0x8400 | (flags & 0x0100) | (zone.has(name) ? 0 : 3), 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(answers.length, 6);

  // sendmsg(2) to where the query came from: header, the question once more, answers.
  socket.send([header, query.subarray(12, end), ...answers], from.port, from.address, (error) => {
    if (error) console.error(error.message);
  });
});

// close(2): nobody is told; a resolver that asks now waits, and asks again.
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    console.log('cancelled');
    socket.close();
  });
}
