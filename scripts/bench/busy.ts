/**
 * A run of a busy program: a recorded echo over UDP, its lines and frames again and again, each time later, until there
 * are so many events. Stamps apart everything is as it was recorded.
 */
import type { Files } from '../judge/run.ts';
import { readReference } from '../live/reference.ts';
import type { Run, SceneRecord } from '../model/run.ts';
import { readPcap } from '../parse/pcap.ts';

const scene = 'echo/libc-udp';
/** Between one round and the next. */
const roundNs = 2_000_000_000n;

export async function busyRun(events: number): Promise<{ run: Run; files: Map<SceneRecord, Files> }> {
  const { run, files } = await readReference('linux-6.18-root');
  const [record, recorded] = [...files].find(([one]) => one.folder === scene) ?? [];
  if (record === undefined || recorded === undefined) throw new Error(`there is no recording of ${scene}`);
  const lines = [...recorded]
    .filter(([name]) => name.endsWith('.strace'))
    .reduce((sum, [, bytes]) => sum + new TextDecoder().decode(bytes).split('\n').length, 0);
  const rounds = Math.ceil(events / lines);
  const busy = new Map(
    [...recorded].map(([name, bytes]) => {
      if (name.endsWith('.strace') || name.endsWith('.out'))
        return [name, againLines(bytes, rounds)] as const;
      return [name, name.endsWith('.pcap') ? againFrames(bytes, name, rounds) : bytes] as const;
    }),
  );
  return { run: { ...run, scenes: [record] }, files: new Map([[record, busy]]) };
}

/** `1795487230.182840294`, wherever a line has its stamp. */
const stamp = /\b(1\d{9})\.(\d{9})\b/;

function againLines(bytes: Uint8Array, rounds: number): Uint8Array {
  const text = new TextDecoder().decode(bytes);
  const again = Array.from({ length: rounds }, (_, round) =>
    text.replace(new RegExp(stamp, 'g'), (_, seconds: string, nanos: string) => {
      const ns = BigInt(seconds) * 1_000_000_000n + BigInt(nanos) + BigInt(round) * roundNs;
      return `${ns / 1_000_000_000n}.${String(ns % 1_000_000_000n).padStart(9, '0')}`;
    }),
  );
  return new TextEncoder().encode(again.join(''));
}

/** The fences stay where they are, at both ends. */
function againFrames(bytes: Uint8Array, name: string, rounds: number): Uint8Array {
  const { frames, byteOrder } = readPcap(bytes, name);
  const [first, last] = [frames[4], frames.at(-5)];
  if (first === undefined || last === undefined) return bytes;
  const parts: Uint8Array[] = [bytes.subarray(0, 24)];
  let at = 24;
  const records = frames.map((frame) => {
    const record = bytes.subarray(at, at + 16 + frame.bytes.length);
    at += record.length;
    return record;
  });
  const later = (record: Uint8Array, round: number) => {
    const copy = record.slice();
    const seconds = byteOrder.u32(copy, 0) + round * Number(roundNs / 1_000_000_000n);
    new DataView(copy.buffer).setUint32(0, seconds, byteOrder.name === 'little');
    return copy;
  };
  parts.push(...records.slice(0, 4));
  for (let round = 0; round < rounds; round += 1)
    parts.push(...records.slice(4, -4).map((record) => later(record, round)));
  parts.push(...records.slice(-4).map((record) => later(record, rounds)));
  return Buffer.concat(parts);
}
