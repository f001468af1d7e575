/**
 * The programs' own stacks at their system calls, by `strace -k`; and the names of functions for which it has none.
 *
 * V8 makes code while it runs, which stands in no symbol table. With these flags it gives every interpreted function a
 * piece of code of its own, and writes a map of all of it (`perf-PID.map`, the form that perf(1) reads). strace knows
 * nothing of the map and cannot walk past such code: it prints the address, and the stack ends there.
 *
 * Of a program or a library strace prints the place in the file, and the name. It finds no name in code that was moved,
 * as V8's built-in functions are; and with libunwind from 1.8.0 on none of 40 letters or more, which are most of C++'s:
 * strace's buffer is too short, and libunwind no longer says so (github.com/libunwind/libunwind/issues/922). For these
 * frames the file's own symbol table has the name.
 */
import { execa } from 'execa';
import { parseStrace, type StackFrame } from 'strace-parser';
import type { Host, Pair } from '../hosts/host.ts';
import type { Run } from '../model/run.ts';
import type { SymbolTables } from './symbols.ts';

/** @param folder where the map goes, on the host */
export const namingFlags = (folder: string): string[] => [
  ...['--interpreted-frames-native-stack', '--perf-basic-prof', `--perf-basic-prof-path=${folder}`],
  // V8's log, which comes along with the map; where it cannot open the file it writes to the program's output.
  ...['--no-logfile-per-isolate', `--logfile=${folder}/v8.log`],
];

/**
 * Names for the frames without one in the log, one function a line. `START SIZE NAME` is a line of V8's map; the whole map
 * has 180 kB, and a function that is compiled again has several lines. `MODULE START SIZE NAME` is what the symbol table
 * of a program or a library says; START is the offset in the file, as in the log.
 *
 * @param log what strace wrote; its first line begins with the program's number
 * @param tables absent where strace's numbers are not offsets
 */
export async function takeNames(
  host: Host,
  folder: string,
  log: Buffer,
  tables: SymbolTables | undefined,
): Promise<Buffer> {
  const frames = parseStrace(log)
    .flatMap((event) => ('stack' in event ? (event.stack ?? []) : []))
    .filter(({ symbol, address }) => symbol === undefined && address !== undefined);
  const lines = [
    ...(await takeScriptNames(host, folder, log, frames)),
    ...(tables === undefined ? [] : await readFunctionNames(host, frames, tables)),
  ];
  return Buffer.from(lines.map((line) => `${line}\n`).join(''), 'latin1');
}

async function takeScriptNames(
  host: Host,
  folder: string,
  log: Buffer,
  frames: readonly StackFrame[],
): Promise<string[]> {
  const pid = /^\d+/.exec(log.toString('latin1', 0, 20))?.[0];
  // A program that ended before it ran JavaScript has left no map.
  const map = await host.take(`${folder}/perf-${pid ?? ''}.map`).catch(() => Buffer.alloc(0));
  const asked = frames.filter(({ module }) => !module.startsWith('/')).map(({ address }) => Number(address));
  return map
    .toString('latin1')
    .split('\n')
    .filter((line) => {
      const [start = 0, size = 0] = line.split(' ', 2).map((word) => parseInt(word, 16));
      return asked.some((address) => start <= address && address < start + size);
    });
}

async function readFunctionNames(
  host: Host,
  frames: readonly StackFrame[],
  tables: SymbolTables,
): Promise<string[]> {
  const inFiles = frames.filter(({ module }) => module.startsWith('/'));
  const lines = Map.groupBy(inFiles, ({ module }) => module)
    .entries()
    .map(async ([module, asked]) => {
      const symbolAt = await tables(host, module);
      return asked.flatMap(({ address }) => {
        // A frame goes on behind its call, which may be the last thing that the function does.
        const symbol = symbolAt?.(Number(address) - 1);
        if (symbol === undefined) return [];
        return [`${module} ${symbol.from.toString(16)} ${symbol.size.toString(16)} ${symbol.name}`];
      });
    });
  return [...new Set((await Promise.all(lines)).flat())];
}

/**
 * Asked of the host's strace, in the way in which programs are traced. A strace may be built without -k, or with one of two
 * libraries that walk stacks.
 */
export async function checkStacks(pair: Pair | undefined): Promise<NonNullable<Run['stacks']>> {
  const script = 'strace -k -o /dev/null true && strace -V';
  const [file = '', ...args] = pair?.client.program(['sh', '-c', script]) ?? [];
  const { failed, stdout, stderr, code } = await execa(file, args, { reject: false });
  const walker = /stack-trace=(\w+)/.exec(stdout ?? '')?.[1];
  if (!failed) return { recorded: true, ...(walker !== undefined && { walker }) };
  return { recorded: false, why: stderr.trim().split('\n')[0] ?? code ?? 'strace -k said nothing' };
}
