import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readPcap } from './pcap.ts';

const read = (name: string) => new Uint8Array(readFileSync(new URL(`fixtures/${name}`, import.meta.url)));

/** The same file as a machine of the other byte order writes it: the framing changes, the frames do not. */
function swapped(file: Uint8Array): Uint8Array {
  const turned = Uint8Array.from(file);
  const turn = (at: number, length: number) => turned.set(file.subarray(at, at + length).toReversed(), at);
  for (const at of [0, 8, 12, 16, 20]) turn(at, 4);
  for (const at of [4, 6]) turn(at, 2);
  let at = 24;
  for (const { bytes } of readPcap(file, '').frames) {
    for (const field of [0, 4, 8, 12]) turn(at + field, 4);
    at += 16 + bytes.length;
  }
  return turned;
}

describe('readPcap', () => {
  test.for(['client.pcap', 'server.pcap'])('%s reads the same in the other byte order', (name) => {
    const little = readPcap(read(name), name);
    const big = readPcap(swapped(read(name)), name);
    expect(little.byteOrder.name).toBe('little');
    expect(big.byteOrder.name).toBe('big');
    expect(big.frames).toEqual(little.frames);
    expect([big.linkType, big.consumed, big.problems]).toEqual([1, read(name).length, []]);
  });

  test('cut anywhere, it gives the whole frames, says where they end, and counts the rest as one problem', () => {
    const file = read('client.pcap');
    const { frames } = readPcap(file, 'client.pcap');
    const ends = [24];
    for (const { bytes } of frames) ends.push((ends.at(-1) ?? 0) + 16 + bytes.length);
    for (let length = 24; length <= file.length; length += 1) {
      const whole = ends.filter((end) => end <= length);
      const cut = readPcap(file.subarray(0, length), 'client.pcap');
      expect(cut.frames).toEqual(frames.slice(0, whole.length - 1));
      expect(cut.consumed).toBe(whole.at(-1));
      expect(cut.problems.length).toBe(whole.at(-1) === length ? 0 : 1);
    }
  });

  test('says what is wrong with a file that is none', () => {
    const whats = [
      new Uint8Array(),
      read('kernel.log'),
      Uint8Array.of(10, 13, 13, 10, ...Array(20).fill(0)),
    ].map((file) => readPcap(file, 'x.pcap').problems);
    expect(whats).toEqual([
      [{ source: 'x.pcap', line: 0, what: 'capture of 0 bytes, its header alone needs 24' }],
      [{ source: 'x.pcap', line: 0, what: 'not a pcap file: it begins with 0x342c3339' }],
      [
        {
          source: 'x.pcap',
          line: 0,
          what: 'this is pcapng, not classic pcap: convert it with editcap -F nsecpcap',
        },
      ],
    ]);
  });
});
