import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decodeEthernet } from './ethernet.ts';
import { decodeFrame } from './frame.ts';
import { decodeIp } from './ip.ts';
import { readPackets, readPcap } from './pcap.ts';
import { isUnreadable } from './unreadable.ts';

const file = new Uint8Array(readFileSync(new URL('fixtures/client.pcap', import.meta.url)));
const frames = readPcap(file, 'client.pcap').frames.map(({ bytes }) => bytes);
/** Frames 3 and 6 of the recording: the SYN, and the segment with the message. */
const [syn, segment] = [frames[2] ?? new Uint8Array(), frames[5] ?? new Uint8Array()];

/** The IP packet of a frame with some bytes set to others. */
function ipWith(frame: Uint8Array, bytes: Record<number, number>): Uint8Array {
  const packet = Uint8Array.from(frame.subarray(14));
  for (const [at, byte] of Object.entries(bytes)) packet[Number(at)] = byte;
  return packet;
}

test('the payload has one character per byte, 0x80 to 0x9f included', () => {
  expect(decodeEthernet(segment)).toMatchObject({
    payload: 'MESSAGE \u00ff\u0000\u009f1',
    payloadLength: 12,
  });
});

test('the padding of a short Ethernet frame is no payload', () => {
  const padded = new Uint8Array(syn.length + 10);
  padded.set(syn);
  expect(decodeEthernet(padded)).toEqual(decodeEthernet(syn));
});

test('a packet that the capture holds in part keeps its length and gives no payload', () => {
  const packet = decodeEthernet(segment.subarray(0, -1));
  expect(packet).toMatchObject({ protocol: 'tcp', payloadLength: 12 });
  expect(packet).not.toHaveProperty('payload');
});

test('raw IP and Ethernet carry the same packets', () => {
  const ips = frames.filter((frame) => frame[12] === 8 && frame[13] === 0);
  expect(ips.length).toBe(28);
  for (const frame of ips) expect(decodeFrame(101, frame.subarray(14))).toEqual(decodeFrame(1, frame));
});

describe('headers that break off or contradict themselves are named', () => {
  test.for([
    ['nothing', new Uint8Array(), 'IPv4 header of 0 bytes, needs 20'],
    ['cut in the IP header', ipWith(syn, {}).subarray(0, 19), 'IPv4 header of 19 bytes, needs 20'],
    ['version 5', ipWith(syn, { 0: 0x55 }), 'IP version 5 where 4 was announced'],
    ['IHL 4', ipWith(syn, { 0: 0x44 }), 'IPv4 header says that it is 16 bytes long, at least 20 are due'],
    ['length 19', ipWith(syn, { 3: 19 }), "IPv4 total length 19 is below the header's 20"],
    ['cut in the TCP header', ipWith(syn, { 3: 39 }), 'TCP header of 19 bytes, needs 20'],
    ['cut in the TCP options', ipWith(syn, { 3: 59 }), 'TCP header of 39 bytes, needs 40'],
    [
      'data offset 4',
      ipWith(syn, { 32: 0x40 }),
      'TCP header says that it is 16 bytes long, at least 20 are due',
    ],
    ['as UDP', ipWith(syn, { 9: 17 }), /UDP length \d+ in an IP packet that has room for 40/],
    ['as UDP, length 7', ipWith(syn, { 9: 17, 24: 0, 25: 7 }), 'UDP length 7, at least 8 are due'],
    ['ICMP of 7 bytes', ipWith(syn, { 9: 1, 3: 27 }), 'ICMP header of 7 bytes, needs 8'],
  ] as const)('%s', ([, bytes, why]) => {
    const packet = decodeIp(bytes);
    expect(packet.protocol === 'other' && packet.what).toMatch(why);
    expect(isUnreadable(packet)).toBe(true);
  });
});

test('the unknown is other, and not unreadable', () => {
  const unknown = [
    decodeIp(ipWith(syn, { 0: 0x60 })),
    decodeIp(ipWith(syn, { 9: 2 })),
    decodeIp(ipWith(syn, { 6: 0, 7: 1 })),
    decodeEthernet(Uint8Array.from(syn, (byte, at) => (at === 12 ? 0x88 : byte))),
  ];
  expect(unknown).toEqual([
    { protocol: 'other', what: 'IPv6' },
    { protocol: 'other', src: '10.0.0.1', dst: '10.0.0.2', what: 'IP protocol 2' },
    {
      protocol: 'other',
      src: '10.0.0.1',
      dst: '10.0.0.2',
      what: 'fragment of tcp, id 51050, offset 8, the last',
    },
    { protocol: 'other', what: 'EtherType 0x8800' },
  ]);
  expect(unknown.some(isUnreadable)).toBe(false);
});

test('whatever bytes come, every frame is a packet and nothing is thrown', () => {
  // A linear congruential generator (Numerical Recipes): the same bytes in every run.
  let state = 1;
  const random = (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  for (let round = 0; round < 20_000; round += 1) {
    const frame = Uint8Array.from(frames[random(frames.length)] ?? []);
    for (let change = 0; change < 3; change += 1) frame[12 + random(60)] = random(256);
    const cut = frame.subarray(0, random(frame.length + 1));
    for (const linkType of [1, 101, 113, 239, 276, 999]) {
      expect(typeof decodeFrame(linkType, cut).protocol).toBe('string');
    }
  }
});

test('a broken frame is both a packet and a problem', () => {
  const broken = Uint8Array.from(file);
  // Behind the file's header, the first record's and its 42 bytes of ARP, then the record's and the Ethernet header.
  broken[24 + 16 + 42 + 16 + 42 + 16 + 14] = 0x41;
  const { packets, problems } = readPackets(broken, 'x.pcap');
  expect(packets.length).toBe(frames.length);
  const what = 'unreadable: IPv4 header says that it is 4 bytes long, at least 20 are due';
  expect(problems).toEqual([{ source: 'x.pcap', line: 3, what }]);
});
