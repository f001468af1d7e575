/** On what runs here: Node, a program, and the C library, which has but its exported names. The loader knows where they are. */
import { readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Host } from '../hosts/host.ts';
import { readElf, type ReadPart } from './elf.ts';
import { openSymbolTables, readSymbols } from './symbols.ts';

/** Where the loader has put a function: the file, and the place in it, as strace works it out. */
function locate(name: string): { path: string; place: number } {
  const { dlopen, dlsym } = process.getBuiltinModule('node:ffi');
  const address = Number(dlsym(dlopen(null, {}).lib, name));
  for (const line of readFileSync('/proc/self/maps', 'latin1').split('\n')) {
    const [, from = '', until = '', offset = '', path = ''] =
      /^(\w+)-(\w+) \S+ (\w+) \S+ \d+ +(\/.*)$/.exec(line) ?? [];
    if (parseInt(from, 16) <= address && address < parseInt(until, 16))
      return { path, place: address - parseInt(from, 16) + parseInt(offset, 16) };
  }
  throw new Error(`${name} lies in no file`);
}

/** Whoever else may read the file: on a host it is one that the programs can. */
const reading =
  (path: string): ReadPart =>
  async (from, length) => {
    await using file = await open(path);
    const part = Buffer.alloc(Math.max(0, Math.min(length, (await file.stat()).size - from)));
    await file.read(part, 0, part.length, from);
    return part;
  };

test.each(['uv_run', 'uv_udp_connect', 'connect', 'getaddrinfo'])(
  '%s, from its first byte to its last',
  async (name) => {
    const { path, place } = locate(name);
    const symbolAt = await readSymbols(reading(path));
    const found = symbolAt?.(place);
    expect(found).toEqual({
      from: place,
      size: expect.any(Number),
      name: expect.stringMatching(`^(__)?${name}$`),
    });
    const end = place + (found?.size ?? 0);
    expect(symbolAt?.(end - 1)).toEqual(found);
    expect(symbolAt?.(end)).not.toEqual(found);
    expect(symbolAt?.(place - 1)).not.toEqual(found);
  },
);

test('a function without a size goes on to the next, or to the end of its section', async (context) => {
  const read = reading(process.execPath);
  const [elf, symbolAt] = await Promise.all([readElf(read), readSymbols(read)]);
  if (elf === undefined || symbolAt === undefined) throw new Error('Node has no symbols');
  const { symbols, sections, names } = elf;
  const functions = Array.from({ length: symbols.length / 6 }, (_, row) => {
    const [name = 0, about = 0, from = 0, , size = 0] = symbols.subarray(6 * row, 6 * row + 6);
    return { row, name, from, size, type: about & 0xf, section: sections[about >>> 16] };
  }).filter(({ type, section }) => type === 2 && section !== sections[0]);
  const sizeless = functions.filter(
    (one) => one.size === 0 && !functions.some(({ row, from }) => row !== one.row && from === one.from),
  );
  if (sizeless.length === 0) context.skip('this Node has none');
  for (const { name, from, section } of sizeless) {
    if (section === undefined) throw new Error('it is in no section');
    const end = section.address + section.length;
    const next = functions.reduce((least, one) => (one.from > from ? Math.min(least, one.from) : least), end);
    const place = from - section.address + section.from;
    const size = next - from;
    const whole = { from: place, size, name: names.toString('latin1', name, names.indexOf(0, name)) };
    expect(symbolAt(place)).toEqual(whole);
    expect(symbolAt(place + size - 1)).toEqual(whole);
    expect(symbolAt(place + size)).not.toEqual(whole);
  }
});

test('a file is read once, whoever asks; one that cannot be read, or is none of this form, has no names', async () => {
  const asked: string[] = [];
  const read: Host['read'] = (path, from, length) => {
    if (from === 0) asked.push(path);
    return reading(path)(from, length);
  };
  const [client, server] = [{ read }, { read }];
  const tables = openSymbolTables();
  const { path, place } = locate('connect');
  for (const host of [client, server, client])
    expect((await tables(host, path))?.(place)?.name).toMatch(/connect$/);
  expect(asked).toEqual([path]);
  expect(await tables(client, import.meta.filename)).toBeUndefined();
  expect(await tables(client, '/nowhere/node (deleted)')).toBeUndefined();
});

test('whatever a file says of itself, it has names or none', async () => {
  const { path, place } = locate('connect');
  const whole = readFileSync(path);
  const sections = Number(whole.readBigUInt64LE(40));
  const at = fc.oneof(
    fc.nat(63),
    fc.nat({ max: whole.length - sections - 1 }).map((offset) => sections + offset),
  );
  const change = fc.tuple(at, fc.constantFrom(0, 1, 0x7f, 0xff, 0x18, 0x40));
  await fc.assert(
    fc.asyncProperty(
      fc.array(change, { minLength: 1, maxLength: 8 }),
      fc.nat(whole.length),
      async (changes, size) => {
        const bytes = Buffer.from(whole.subarray(0, size % 2 === 0 ? whole.length : size));
        for (const [index, byte] of changes) if (index < bytes.length) bytes[index] = byte;
        const symbolAt = await readSymbols((from, length) =>
          Promise.resolve(bytes.subarray(from, from + length)),
        );
        expect([undefined, expect.any(String)]).toContainEqual(symbolAt?.(place)?.name);
      },
    ),
    { numRuns: 200 },
  );
});
