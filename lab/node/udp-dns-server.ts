/**
 * A name server of a page: it knows the names of its command line, and answers who asks for their IPv4 addresses.
 *
 *   node lab/node/udp-dns-server.ts 127.0.0.1 5353 dns.lab=10.0.0.2 two.lab=10.0.0.2,10.0.0.9      (address, port, names)
 *
 *   listening: at=127.0.0.1:5353
 *   query: name=dns.lab type=A from=127.0.0.1:41822
 *   cancelled
 *
 * What to look for: DNS is a UDP protocol like the echo: one datagram asks, one answers, and the address that came with the
 * question is where the answer goes. A message (RFC 1035, 4.1) is a header of 12 bytes, the question, the answers:
 *
 *     ID | flags | number of questions | of answers | of authorities | of additional records, 16 bits each
 *
 * What it does not show: TCP (for answers that do not fit), other types than A, other servers to ask.
 */
import { createSocket } from 'node:dgram';

const [address = '127.0.0.1', port = '5353', ...entries] = process.argv.slice(2);
const known = new Map(entries.map((entry) => [entry.split('=')[0], entry.split('=')[1]?.split(',') ?? []]));
const [typeA, classIn] = [1, 1];
const types = new Map([[typeA, 'A'], [28, 'AAAA']]);

const socket = createSocket('udp4');

socket.on('message', (query, from) => {
  // The question: a name as labels, each with its length before it, the last one empty; then type and class.
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  if (at + 5 > query.length) return; // not a whole question
  const type = query.readUInt16BE(at + 1);
  const question = query.subarray(12, at + 5);
  const name = labels.join('.').toLowerCase();
  console.log(`query: name=${name} type=${types.get(type) ?? type} from=${from.address}:${from.port}`);

  // An answer: a pointer to the name in the question (at byte 12), type, class, seconds to keep it, length, address.
  const addresses = type === typeA ? (known.get(name) ?? []) : [];
  const answers = addresses.map((one) =>
    Buffer.from([0xc0, 12, 0, typeA, 0, classIn, 0, 0, 0, 60, 0, 4, ...one.split('.').map(Number)]),
  );

  // Flags: this is a response (bit 15), by who knows it (bit 10); code 3 where there is no such name.
  const header = Buffer.alloc(12);
  query.copy(header, 0, 0, 2); // the ID, so that the client knows which question this answers
  header.writeUInt16BE(0x8400 | (query.readUInt16BE(2) & 0x0100) | (known.has(name) ? 0 : 3), 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(answers.length, 6);
  socket.send(Buffer.concat([header, question, ...answers]), from.port, from.address);
});

socket.on('error', (error) => {
  console.error(error.message);
  process.exitCode = 1;
  socket.close();
});
socket.bind(Number(port), address, () => {
  const here = socket.address();
  console.log(`listening: at=${here.address}:${here.port}`);
});

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    console.log('cancelled');
    socket.close();
  });
}
