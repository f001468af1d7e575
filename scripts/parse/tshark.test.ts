/** The headers, field by field, against another program's reading of the same captures. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { needsTool } from '../live/tools.ts';
import type { Packet } from '../model/packet.ts';
import { readPackets } from './pcap.ts';
import { tcpFlagNames } from './tcp.ts';

const fixture = (name: string) => new URL(`fixtures/${name}`, import.meta.url);
const read = (name: string) => new Uint8Array(readFileSync(fixture(name)));

test.for([
  'client.pcap',
  'server.pcap',
  'any.sll.pcap',
  'any.sll2.pcap',
  'client.nflog.pcap',
  'server.nflog.pcap',
])('tshark reads every field of %s as we do', async (name, context) => {
  await needsTool(context, 'tshark');
  const rows = tshark(name);
  const { packets, problems } = readPackets(read(name), name);
  expect(problems).toEqual([]);
  expect(rows.length).toBeGreaterThan(5);
  expect(packets.map(({ line, epochNs, packet }) => ({ line, epochNs, ...asTshark(packet) }))).toEqual(rows);
});

const fields = [
  'frame.number frame.time_epoch ip.src ip.dst ip.id ip.ttl ip.len ip.frag_offset ip.flags.mf',
  'tcp.srcport tcp.dstport tcp.seq_raw tcp.ack_raw tcp.window_size_value tcp.flags tcp.len tcp.payload',
  'udp.srcport udp.dstport udp.length udp.payload',
  'icmp.type icmp.code arp.opcode arp.src.proto_ipv4 arp.dst.proto_ipv4',
].flatMap((line) => line.split(' '));

/** What tshark says of each frame. */
function tshark(name: string) {
  const options = ['-o', 'ip.defragment:FALSE', '-T', 'fields', '-E', 'separator=/t', '-E', 'occurrence=a'];
  const args = ['-r', fileURLToPath(fixture(name)), ...options, ...fields.flatMap((field) => ['-e', field])];
  const text = execFileSync('tshark', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  return text.trimEnd().split('\n').map(readRow);
}

/** A line of tshark's, as an object with the fields that its protocol has. */
function readRow(row: string) {
  const cells = new Map(row.split('\t').map((cell, at) => [fields[at], cell.split(',')]));
  // An ICMP error has most fields twice: first the packet's own, then the quoted header's.
  const own = (field: string) => cells.get(field)?.[0] ?? '';
  const quoted = (field: string) => cells.get(field)?.[1] ?? '';
  const [seconds = '', fraction = ''] = own('frame.time_epoch').split('.');
  const at = { line: Number(own('frame.number')), epochNs: BigInt(seconds + fraction) };
  if (own('arp.opcode') !== '') {
    return {
      ...at,
      arp: own('arp.opcode'),
      src: own('arp.src.proto_ipv4'),
      dst: own('arp.dst.proto_ipv4'),
    };
  }
  const addresses = { ...at, src: own('ip.src'), dst: own('ip.dst') };
  const ip = {
    ...addresses,
    id: Number(own('ip.id')),
    ttl: Number(own('ip.ttl')),
    length: Number(own('ip.len')),
    more: own('ip.flags.mf') === '1',
  };
  const offset = Number(own('ip.frag_offset')) * 8;
  if (offset > 0) return { ...addresses, offset, id: ip.id };
  if (own('icmp.type') !== '') {
    const inner =
      own('udp.srcport') === ''
        ? undefined
        : `udp ${quoted('ip.src')}:${own('udp.srcport')} ${quoted('ip.dst')}:${own('udp.dstport')}`;
    return { ...ip, type: Number(own('icmp.type')), code: Number(own('icmp.code')), inner };
  }
  if (own('tcp.srcport') !== '') {
    return {
      ...ip,
      ports: `${own('tcp.srcport')} ${own('tcp.dstport')}`,
      seq: Number(own('tcp.seq_raw')),
      ack: Number(own('tcp.ack_raw')),
      window: Number(own('tcp.window_size_value')),
      flags: Number(own('tcp.flags')),
      payloadLength: Number(own('tcp.len')),
      payload: own('tcp.payload'),
    };
  }
  if (own('udp.srcport') !== '') {
    const payload = ip.more ? undefined : own('udp.payload');
    const ports = `${own('udp.srcport')} ${own('udp.dstport')}`;
    return { ...ip, ports, payloadLength: Number(own('udp.length')) - 8, payload };
  }
  return addresses;
}

/** A packet of ours, in the form of the rows above. */
function asTshark(packet: Packet) {
  if (packet.protocol === 'arp') {
    return { arp: packet.operation === 'request' ? '1' : '2', src: packet.src, dst: packet.dst };
  }
  if (packet.protocol === 'other') {
    const { src, dst, what } = packet;
    const [, id, offset] = /^fragment of udp, id (\d+), offset (\d+)/.exec(what) ?? [];
    return id === undefined ? { src, dst } : { src, dst, id: Number(id), offset: Number(offset) };
  }
  const { src, dst, id, ttl, length } = packet;
  const ip = { src, dst, id, ttl, length, more: packet.fragment?.more ?? false };
  if (packet.protocol === 'icmp') {
    const { type, code, inner } = packet;
    const quoted = inner && `${inner.protocol} ${inner.src}:${inner.sport} ${inner.dst}:${inner.dport}`;
    return { ...ip, type, code, inner: quoted };
  }
  const { payloadLength } = packet;
  const above = {
    ...ip,
    ports: `${packet.sport} ${packet.dport}`,
    payloadLength,
    payload: hex(packet.payload),
  };
  if (packet.protocol === 'udp') return above;
  const { seq, ack, window } = packet;
  const bits = packet.flags.split(' ').map((flag) => 0x80 >> tcpFlagNames.findIndex((name) => name === flag));
  return { ...above, seq, ack, window, flags: bits.reduce((sum, bit) => sum + bit, 0) };
}

const hex = (text: string | undefined) => text && Buffer.from(text, 'latin1').toString('hex');
