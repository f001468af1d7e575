/**
 * Numbers and text out of bytes. Network headers are big-endian; the framing of a capture file has the byte
 * order of the machine that wrote it. Every reader checks the length first: these return 0 beyond the end.
 */
export const u8 = (bytes: Uint8Array, at: number): number => bytes[at] ?? 0;
export const u16 = (bytes: Uint8Array, at: number): number => u8(bytes, at) * 0x100 + u8(bytes, at + 1);
export const u32 = (bytes: Uint8Array, at: number): number => u16(bytes, at) * 0x10000 + u16(bytes, at + 2);
const u16le = (bytes: Uint8Array, at: number): number => u8(bytes, at + 1) * 0x100 + u8(bytes, at);
const u32le = (bytes: Uint8Array, at: number): number => u16le(bytes, at + 2) * 0x10000 + u16le(bytes, at);

/** Reads numbers in the byte order of a file. */
export interface ByteOrder {
  readonly name: 'big' | 'little';
  u16(bytes: Uint8Array, at: number): number;
  u32(bytes: Uint8Array, at: number): number;
}
export const bigEndian: ByteOrder = { name: 'big', u16, u32 };
export const littleEndian: ByteOrder = { name: 'little', u16: u16le, u32: u32le };

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * One character per byte, U+0000 to U+00FF (TextDecoder's `latin1` is windows-1252 and would not do). Where all are
 * ASCII, which is the rule, UTF-8 says the same and is fast.
 */
export function latin1(bytes: Uint8Array): string {
  const ascii = utf8.decode(bytes);
  if (ascii.length === bytes.length && !ascii.includes('\ufffd')) return ascii;
  let text = '';
  for (let at = 0; at < bytes.length; at += 4096) {
    text += String.fromCharCode(...bytes.subarray(at, at + 4096));
  }
  return text;
}

/** `10.0.0.1` */
export const dotted = (bytes: Uint8Array, at: number): string => bytes.subarray(at, at + 4).join('.');

/** Two lower-case digits per byte: `5e:00:53`. */
export const hex = (bytes: Uint8Array, separator = ''): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(separator);
