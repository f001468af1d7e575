/**
 * The programs' own stacks at their system calls, by `strace -k`; and the names of JavaScript functions on them.
 *
 * V8 makes code while it runs, which stands in no symbol table. With these flags it gives every interpreted function a
 * piece of code of its own, and writes a map of all of it (`perf-PID.map`, the form that perf(1) reads). strace knows
 * nothing of the map and cannot walk past such code: it prints the address, and the stack ends there.
 */
import { execa } from 'execa';
import type { Host, Pair } from '../hosts/host.ts';
import type { Run } from '../model/run.ts';

/** @param folder where the map goes, on the host */
export const namingFlags = (folder: string): string[] => [
  ...['--interpreted-frames-native-stack', '--perf-basic-prof', `--perf-basic-prof-path=${folder}`],
  // V8's log, which comes along with the map; where it cannot open the file it writes to the program's output.
  ...['--no-logfile-per-isolate', `--logfile=${folder}/v8.log`],
];

/**
 * What the map says of the addresses without a name in the log, as it says it: the whole map has 180 kB. A function
 * that is compiled again has several lines.
 *
 * @param log what strace wrote; its first line begins with the program's number
 */
export async function takeNames(host: Host, folder: string, log: Buffer): Promise<Buffer> {
  const pid = /^\d+/.exec(log.toString('latin1', 0, 20))?.[0];
  // A program that ended before it ran JavaScript has left no map.
  const map = await host.take(`${folder}/perf-${pid ?? ''}.map`).catch(() => Buffer.alloc(0));
  const asked = [...log.toString('latin1').matchAll(/^ > [^(]* \[(0x[0-9a-f]+)\]$/gm)].map(([, one = '']) =>
    Number(one),
  );
  const isAsked = (line: string) => {
    const [start, size] = line.split(' ', 2).map((word) => parseInt(word, 16));
    return asked.some((address) => (start ?? 0) <= address && address < (start ?? 0) + (size ?? 0));
  };
  const lines = map.toString('latin1').split('\n').filter(isAsked);
  return Buffer.from(lines.map((line) => `${line}\n`).join(''), 'latin1');
}

/** Asked of the host's strace, in the way in which programs are traced; a strace may be built without it. */
export async function checkStacks(pair: Pair | undefined): Promise<NonNullable<Run['stacks']>> {
  const [file = '', ...args] = pair?.client.program(['strace', '-k', '-o', '/dev/null', 'true']) ?? [];
  const { failed, stderr, code } = await execa(file, args, { reject: false });
  if (!failed) return { recorded: true };
  return { recorded: false, why: stderr.trim().split('\n')[0] ?? code ?? 'strace -k said nothing' };
}
