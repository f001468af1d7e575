/**
 * The symbol table of a program or a library: .symtab where the file has it, else .dynsym, which has only what others
 * may call. The form of the file is that of elf(5), for machines of 64 bits, little-endian.
 */

/** Gives a part of the file, less of it where the file ends. */
export type ReadPart = (from: number, length: number) => Promise<Buffer>;

export interface Elf {
  readonly segments: readonly Segment[];
  readonly sections: readonly Section[];
  /** As they are, six words each: there are many, and each search goes through all of them. */
  readonly symbols: Uint32Array;
  /** The symbols' names, each ended by a zero. */
  readonly names: Buffer;
}

interface Part {
  /** In the file. */
  readonly from: number;
  readonly length: number;
  /** In memory, where the file lies at 0 or may not lie elsewhere. */
  readonly address: number;
}

export interface Segment extends Part {
  readonly isCode: boolean;
}

export interface Section extends Part {
  readonly type: number;
  /** Of a table of symbols: which section has their names. */
  readonly link: number;
}

/** @returns undefined where the file has another form, or no symbols */
export async function readElf(read: ReadPart): Promise<Elf | undefined> {
  const header = await read(0, 64);
  const magic = [0x7f, 0x45, 0x4c, 0x46, 2, 1]; // 2: of 64 bits, 1: little-endian
  if (header.length < 64 || magic.some((byte, index) => header[index] !== byte)) return undefined;
  const part = async (from: number, length: number) =>
    length > longest ? Buffer.alloc(0) : read(from, length);
  const [segments, sections] = await Promise.all([
    part(u64(header, 32), 56 * header.readUInt16LE(56)).then((bytes) => rows(bytes, 56, readSegment)),
    part(u64(header, 40), 64 * header.readUInt16LE(60)).then((bytes) => rows(bytes, 64, readSection)),
  ]);
  const [SHT_SYMTAB, SHT_DYNSYM] = [2, 11];
  const table =
    sections.find(({ type }) => type === SHT_SYMTAB) ?? sections.find(({ type }) => type === SHT_DYNSYM);
  const strings = table && sections[table.link];
  if (table === undefined || strings === undefined) return undefined;
  const [symbols, names] = await Promise.all([
    part(table.from, table.length),
    part(strings.from, strings.length),
  ]);
  return { segments, sections, symbols: wordsOf(symbols), names };
}

/** No table is longer: node's has 4 MB, and 19 MB of names. What a file says of itself need not be true. */
const longest = 2 ** 26;

const rows = <T>(bytes: Buffer, size: number, read: (row: Buffer) => T): T[] =>
  Array.from({ length: Math.floor(bytes.length / size) }, (_, index) =>
    read(bytes.subarray(index * size, (index + 1) * size)),
  );

function readSegment(row: Buffer): Segment {
  const [PT_LOAD, PF_X] = [1, 1];
  const isCode = row.readUInt32LE(0) === PT_LOAD && (row.readUInt32LE(4) & PF_X) !== 0;
  return { isCode, from: u64(row, 8), address: u64(row, 16), length: u64(row, 32) };
}

const readSection = (row: Buffer): Section => ({
  ...{ type: row.readUInt32LE(4), link: row.readUInt32LE(40) },
  ...{ address: u64(row, 16), from: u64(row, 24), length: u64(row, 32) },
});

/** Exact up to 2^53. */
const u64 = (bytes: Buffer, at: number): number =>
  bytes.readUInt32LE(at + 4) * 2 ** 32 + bytes.readUInt32LE(at);

/** A copy, for words must begin where four bytes do. */
const wordsOf = (bytes: Buffer): Uint32Array =>
  new Uint32Array(new Uint8Array(bytes).buffer, 0, 6 * Math.floor(bytes.length / 24));
