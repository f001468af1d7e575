/** For tests: what the programs of lab/ say at their top of how to run them, and what they print then. */
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { projectFolder } from '../cli/project.ts';

export interface Head {
  /** `lab/node/udp-client.ts` */
  readonly file: string;
  /** Command lines, without what stands in parentheses behind them. */
  readonly commands: readonly string[];
  /** The lines of the example. */
  readonly prints: readonly string[];
}

/** Of every program; libc.ts, which the others import, is none. */
export async function readHeads(): Promise<Head[]> {
  const files = await Promise.all(
    ['lab/node', 'lab/libc'].map(async (folder) =>
      (await readdir(join(projectFolder, folder))).map((name) => `${folder}/${name}`),
    ),
  );
  const programs = files.flat().filter((file) => !file.endsWith('/libc.ts'));
  return Promise.all(programs.map(readHead));
}

async function readHead(file: string): Promise<Head> {
  const source = await readFile(join(projectFolder, file), 'utf8');
  const head = source.slice(0, source.indexOf('*/'));
  // Two indented paragraphs: how to run it, and what it prints.
  const [run = [], prints = []] = head
    .split(/^ \*$/m)
    .map((paragraph) => [...paragraph.matchAll(/^ \* {3}(.*)$/gm)].map(([, line = '']) => line))
    .filter((lines) => lines.length > 0);
  return { file, commands: run.map(bare), prints: prints.flatMap(inFull) };
}

const bare = (line: string): string => line.replace(/ {5,}\(.*\)$/, '');

/** `…      (8 times in all)` is the line before it, seven times. */
function inFull(line: string, n: number, lines: readonly string[]): string[] {
  const times = /^… +\((\d+) times in all\)$/.exec(line)?.[1];
  return times === undefined ? [bare(line)] : Array<string>(Number(times) - 1).fill(bare(lines[n - 1] ?? ''));
}

/**
 * What is the same each time: ports that the kernel chooses get a name. A stream has no messages, so what a TCP program
 * receives in a row counts together.
 */
export function settled(file: string, lines: readonly string[]): string[] {
  const named = lines.map((line) =>
    line.replaceAll(/(?<=(?:from|to)=[\d.]+:)(?!9000\b)\d+|(?<=port=)\d+/g, '<port>'),
  );
  return /\/tcp-/.test(file) ? named.reduce<string[]>(joinReceived, []) : named;
}

function joinReceived(lines: string[], line: string): string[] {
  const form = /^(packet-received: bytes=)(\d+)(.*)$/;
  const [one, other] = [form.exec(lines.at(-1) ?? ''), form.exec(line)];
  if (one === null || other === null || one[3] !== other[3]) return [...lines, line];
  return [...lines.slice(0, -1), `${one[1]}${Number(one[2]) + Number(other[2])}${one[3]}`];
}
