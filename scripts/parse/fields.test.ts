/** The fields that people look at must say what the decoder, which tshark checks, says. */
import { expect, test } from 'vitest';
import { readReference, references } from '../live/reference.ts';
import type { Packet } from '../model/packet.ts';
import { fieldsOf, type Field } from './fields.ts';
import { decodeFrame } from './frame.ts';
import { readPcap } from './pcap.ts';

const isCapture = (source: string) => /^\w+\.pcap$/.test(source);

test.each(references)('every frame of %s, field by field', async (name) => {
  const { files } = await readReference(name);
  const frames = [...files.values()].flatMap((recordings) =>
    [...recordings].flatMap(([source, bytes]) => {
      if (!isCapture(source)) return [];
      const { linkType, frames } = readPcap(bytes, source);
      return frames.slice(0, 60).map((frame) => ({ linkType, bytes: frame.bytes }));
    }),
  );
  // The fences alone are eight in each capture.
  const captures = [...files.values()].flatMap((recordings) => [...recordings.keys()]).filter(isCapture);
  expect(frames.length).toBeGreaterThan(8 * captures.length);
  for (const { linkType, bytes } of frames) {
    const fields = fieldsOf(linkType, bytes);
    // Every byte up to the end of IP's own length belongs to one field, in order.
    expect(fields.every(({ from }, n) => from === (fields[n - 1]?.until ?? 0))).toBe(true);
    expect(said(fields)).toMatchObject(meant(decodeFrame(linkType, bytes)));
  }
});

/** The values by layer and name. */
const said = (fields: readonly Field[]) =>
  Object.fromEntries(fields.map(({ layer, name, value }) => [`${layer} ${name}`, value]));

function meant(packet: Packet): Record<string, string> {
  if (packet.protocol !== 'tcp' && packet.protocol !== 'udp') return {};
  const layer = packet.protocol.toUpperCase();
  return {
    'IPv4 source': packet.src,
    'IPv4 destination': packet.dst,
    'IPv4 total length': String(packet.length),
    'IPv4 time to live': String(packet.ttl),
    [`${layer} source port`]: String(packet.sport),
    [`${layer} destination port`]: String(packet.dport),
    ...(packet.payloadLength > 0 && { 'Payload data': `${packet.payloadLength} bytes` }),
    ...(packet.protocol === 'tcp' && {
      'TCP sequence number': String(packet.seq),
      'TCP flags': packet.flags,
      'TCP window': String(packet.window),
    }),
  };
}

test('the options of a SYN, byte by byte', () => {
  const syn = Uint8Array.from(
    '4500003c1234400040060000 0a000001 0a000002 9c40 2328 00000001 00000000 a002faf0 0000 0000 020405b4 0402 080a 0000000a 00000000 01 030307'
      .replaceAll(' ', '')
      .match(/../g) ?? [],
    (pair) => Number.parseInt(pair, 16),
  );
  const said = fieldsOf(101, syn).filter(({ name }) => name.startsWith('option'));
  expect(said.map(({ name, value, from, until }) => [name, value, from, until])).toEqual([
    ['option: maximum segment size', '1460', 40, 44],
    ['option: SACK permitted', '', 44, 46],
    ['option: timestamps', 'value 10, echo 0', 46, 56],
    ['option: no operation', '', 56, 57],
    ['option: window scale', '× 128', 57, 60],
  ]);
});
