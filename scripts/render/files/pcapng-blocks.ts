/**
 * Blocks of a pcapng file (draft-ietf-opsawg-pcapng), little-endian.
 *
 *     +-----------+-----------+---------------------+-----------+
 *     | type (4)  | total (4) | body, padded to 4   | total (4) |
 *     +-----------+-----------+---------------------+-----------+
 *
 * An option is code (2), length (2), value, padded to 4; code 0 ends them.
 */
export type Option = readonly [code: number, value: string | Uint8Array];

/** Section 4.1: everything behind it is of one recording. Version 1.0, length not told. */
export const sectionHeader = (options: readonly Option[]): Uint8Array =>
  block(0x0a0d0d0a, [u32(0x1a2b3c4d), u16(1), u16(0), u64(0xffff_ffff_ffff_ffffn)], options);

/** Section 4.2; the n-th is interface n - 1. */
export const interfaceDescription = (linkType: number, snapLength: number, options: readonly Option[]) =>
  block(1, [u16(linkType), u16(0), u32(snapLength)], options);

export interface Capture {
  readonly interface: number;
  /** Units are the interface's if_tsresol; here nanoseconds since the epoch. */
  readonly epochNs: bigint;
  readonly bytes: Uint8Array;
  readonly originalLength: number;
}

/** Section 4.3. */
export const enhancedPacket = (capture: Capture, options: readonly Option[]): Uint8Array =>
  block(
    6,
    [
      u32(capture.interface),
      u32(Number(capture.epochNs >> 32n)),
      u32(Number(capture.epochNs & 0xffff_ffffn)),
      u32(capture.bytes.length),
      u32(capture.originalLength),
      padded(capture.bytes),
    ],
    options,
  );

/** Section 4.5: names that a reader may show in place of IPv4 addresses. */
export const nameResolution = (names: readonly (readonly [address: string, name: string])[]): Uint8Array => {
  const records = names.map(([address, name]) => {
    const value = join([Uint8Array.from(address.split('.'), Number), text(name), Uint8Array.of(0)]);
    return join([u16(1), u16(value.length), padded(value)]);
  });
  return block(4, [...records, u32(0)], []);
};

/** Section 4.6. `isb_ifdrop` (5): packets that the capture says it lost. */
export const interfaceStatistics = (index: number, epochNs: bigint, dropped: bigint): Uint8Array =>
  block(
    5,
    [u32(index), u32(Number(epochNs >> 32n)), u32(Number(epochNs & 0xffff_ffffn))],
    [[5, u64(dropped)]],
  );

function block(type: number, body: readonly Uint8Array[], options: readonly Option[]): Uint8Array {
  const inner = join([...body, ...encode(options)]);
  const total = u32(inner.length + 12);
  return join([u32(type), total, inner, total]);
}

function encode(options: readonly Option[]): Uint8Array[] {
  if (options.length === 0) return [];
  const encoded = options.flatMap(([code, value]) => {
    // A length has 16 bits; whole characters are left out, never a part of one.
    const bytes = typeof value === 'string' ? text(value.slice(0, 16_000)) : value;
    return [u16(code), u16(bytes.length), padded(bytes)];
  });
  return [...encoded, u32(0)];
}

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const u16 = (value: number) => Uint8Array.of(value & 0xff, value >>> 8);
const u32 = (value: number) => Uint8Array.of(value, value >>> 8, value >>> 16, value >>> 24);
const u64 = (value: bigint) => new Uint8Array(BigUint64Array.of(BigInt.asUintN(64, value)).buffer);

const padded = (bytes: Uint8Array): Uint8Array => join([bytes, new Uint8Array(-bytes.length & 3)]);

export function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
