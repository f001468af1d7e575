/** Which function lies at a place in a program or a library, by its own symbol table. */
import type { Host } from '../hosts/host.ts';
import { readElf, type Elf, type ReadPart, type Section } from './elf.ts';

/** Places are offsets in the file, as strace prints them, wherever the file lies in memory. */
export interface FunctionSymbol {
  readonly from: number;
  readonly size: number;
  /** As the table has it: that of a C++ function is mangled. */
  readonly name: string;
}

/** Gives the function that has the place, if one does. */
export type Symbols = (place: number) => FunctionSymbol | undefined;

/** The symbols of the file that lies at a path on the hosts; undefined where it cannot be read, or has none. */
export type SymbolTables = (host: Pick<Host, 'read'>, path: string) => Promise<Symbols | undefined>;

/** Reads each file once, on the host that is asked first: it is the same on all of them. */
export function openSymbolTables(): SymbolTables {
  const tables = new Map<string, Promise<Symbols | undefined>>();
  return (host, path) => {
    const known =
      tables.get(path) ?? readSymbols((from, length) => host.read(path, from, length)).catch(() => undefined);
    tables.set(path, known);
    return known;
  };
}

export async function readSymbols(read: ReadPart): Promise<Symbols | undefined> {
  const elf = await readElf(read);
  if (elf === undefined) return undefined;
  const known = new Map<number, FunctionSymbol | undefined>();
  return (place) => {
    if (!known.has(place)) known.set(place, find(elf, place));
    return known.get(place);
  };
}

function find({ segments, sections, symbols, names }: Elf, place: number): FunctionSymbol | undefined {
  const segment = segments.find(
    ({ isCode, from, length }) => isCode && from <= place && place < from + length,
  );
  if (segment === undefined) return undefined;
  const toAddress = segment.address - segment.from;
  const found = functionAt(symbols, sections, place + toAddress);
  if (found === undefined) return undefined;
  const name = nameOf(names, found.name);
  return name === undefined ? undefined : { from: found.address - toAddress, size: found.size, name };
}

/** Of functions that lie in one another the innermost; of several names of one the first, as strace does. */
function functionAt(symbols: Uint32Array, sections: readonly Section[], address: number) {
  const [STT_FUNC, STT_GNU_IFUNC] = [2, 10];
  const word = (at: number) => symbols[at] ?? 0;
  const u64 = (at: number) => word(at + 1) * 2 ** 32 + word(at);
  let around = -1;
  let aroundFrom = -1;
  let before = -1;
  let beforeFrom = -1;
  let next = Infinity;
  for (let at = 0; at < symbols.length; at += 6) {
    const about = symbols[at + 1] ?? 0;
    const type = about & 0xf;
    // Without a section it is another file's.
    if ((type !== STT_FUNC && type !== STT_GNU_IFUNC) || about >>> 16 === 0) continue;
    const from = (symbols[at + 3] ?? 0) * 2 ** 32 + (symbols[at + 2] ?? 0);
    if (from > address) {
      if (from < next) next = from;
      continue;
    }
    if (from > beforeFrom) [before, beforeFrom] = [at, from];
    if (from > aroundFrom && address < from + u64(at + 4)) [around, aroundFrom] = [at, from];
  }
  if (around !== -1) return { name: word(around), address: aroundFrom, size: u64(around + 4) };
  if (before === -1 || u64(before + 4) !== 0) return undefined;
  // What is written in assembly may have no size: it goes on to the next, or to the end of its section.
  const section = sections[word(before + 1) >>> 16];
  const until = Math.min(next, section === undefined ? 0 : section.address + section.length);
  return address < until ? { name: word(before), address: beforeFrom, size: until - beforeFrom } : undefined;
}

/** Undefined where it would not be one word of a line. */
function nameOf(names: Buffer, from: number): string | undefined {
  const name = names.toString('latin1', from, names.indexOf(0, from));
  return /^[!-~\u0080-\u00ff]+$/.test(name) ? name : undefined;
}
