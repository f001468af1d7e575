import type { Packet } from '../model/packet.ts';
import type { Problem } from '../model/problem.ts';
import { bigEndian, littleEndian, u32, type ByteOrder } from './bytes.ts';
import { decodeFrame } from './frame.ts';
import { isUnreadable } from './unreadable.ts';

export interface Frame {
  /** 1-based, as tshark's frame.number. */
  line: number;
  /** Nanoseconds since 1970-01-01 UTC on CLOCK_REALTIME; a multiple of 1000 in a microsecond file. */
  epochNs: bigint;
  bytes: Uint8Array;
  /** Bytes on the wire; more than `bytes.length` where the capture was cut by its snapshot length. */
  originalLength: number;
}

export interface Pcap {
  /** See frame.ts; -1 where the file's header could not be read. */
  linkType: number;
  /** Most bytes of a frame that the capture keeps. */
  snapLength: number;
  byteOrder: ByteOrder;
  frames: Frame[];
  problems: Problem[];
  /** Bytes up to the end of the last whole record: where a reader of a growing file goes on. */
  consumed: number;
}

/**
 * A classic capture file (draft-ietf-opsawg-pcap), in either byte order, with micro- or nanoseconds.
 *
 *   file header, 24 bytes    0 magic   4 version 2.4   8 reserved (8)   16 snapshot length   20 link type
 *   each record, 16 bytes    0 seconds   4 fraction   8 captured length   12 original length   then the frame
 */
export function readPcap(bytes: Uint8Array, source: string): Pcap {
  const format = readMagic(bytes);
  if (typeof format === 'string') {
    const problems = [{ source, line: 0, what: format }];
    return { linkType: -1, snapLength: 0, byteOrder: bigEndian, frames: [], problems, consumed: 0 };
  }
  const { byteOrder, nsPerFraction } = format;
  const frames: Frame[] = [];
  const problems: Problem[] = [];
  let at = 24;
  while (at < bytes.length) {
    const line = frames.length + 1;
    const captured = byteOrder.u32(bytes, at + 8);
    const left = bytes.length - at;
    if (left < 16 || left < 16 + captured) {
      const needs = left < 16 ? '16 for its header' : `${16 + captured}`;
      problems.push({ source, line, what: `last record is cut short: ${left} bytes, needs ${needs}` });
      break;
    }
    const seconds = BigInt(byteOrder.u32(bytes, at));
    const fraction = BigInt(byteOrder.u32(bytes, at + 4));
    frames.push({
      line,
      epochNs: seconds * 1_000_000_000n + fraction * nsPerFraction,
      bytes: bytes.subarray(at + 16, at + 16 + captured),
      originalLength: byteOrder.u32(bytes, at + 12),
    });
    at += 16 + captured;
  }
  return {
    // The upper bits of the word tell about a frame check sequence.
    linkType: byteOrder.u32(bytes, 20) & 0xffff,
    snapLength: byteOrder.u32(bytes, 16),
    ...{ byteOrder, frames, problems, consumed: at },
  };
}

export interface CapturedPacket {
  /** 1-based frame number. */
  line: number;
  /** Nanoseconds since 1970 on CLOCK_REALTIME. */
  epochNs: bigint;
  packet: Packet;
}

/** The packets of a capture; a frame with broken headers is both a packet (`other`) and a Problem. */
export function readPackets(
  bytes: Uint8Array,
  source: string,
): { linkType: number; packets: CapturedPacket[]; problems: Problem[]; consumed: number } {
  const { linkType, byteOrder, frames, problems, consumed } = readPcap(bytes, source);
  const packets: CapturedPacket[] = [];
  for (const { line, epochNs, bytes: frame } of frames) {
    const packet = decodeFrame(linkType, frame, byteOrder);
    packets.push({ line, epochNs, packet });
    if (isUnreadable(packet)) problems.push({ source, line, what: packet.what });
  }
  return { linkType, packets, problems, consumed };
}

function readMagic(bytes: Uint8Array): { byteOrder: ByteOrder; nsPerFraction: bigint } | string {
  if (bytes.length < 24) return `capture of ${bytes.length} bytes, its header alone needs 24`;
  const magic = u32(bytes, 0);
  switch (magic) {
    case 0xa1b2c3d4:
      return { byteOrder: bigEndian, nsPerFraction: 1000n };
    case 0xd4c3b2a1:
      return { byteOrder: littleEndian, nsPerFraction: 1000n };
    case 0xa1b23c4d:
      return { byteOrder: bigEndian, nsPerFraction: 1n };
    case 0x4d3cb2a1:
      return { byteOrder: littleEndian, nsPerFraction: 1n };
    case 0x0a0d0d0a:
      return 'this is pcapng, not classic pcap: convert it with editcap -F nsecpcap';
    default:
      return `not a pcap file: it begins with 0x${magic.toString(16).padStart(8, '0')}`;
  }
}
