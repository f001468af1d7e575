/**
 * A process that becomes a program when it is told to. The kernel's tracer must know the number of a process before
 * the program starts, and takes some 30 ms (an RCU grace period) to learn it; so a few are kept ready.
 *
 * Its own number means nothing to the tracer, which counts in the machine's: it writes a line into the trace, and
 * the kernel puts the machine's number before that line.
 */
import { execa } from 'execa';
import { writeFile } from 'node:fs/promises';

export type Child = ReturnType<typeof startChild>;

export interface Launcher {
  readonly id: string;
  readonly child: Child;
  /** Makes it run the command line, with the pipes it has. */
  launch(line: readonly string[]): Promise<void>;
  /** It will not be needed. */
  end(): void;
}

/** @param marker the instance's trace_marker, @param script a path that nobody else uses */
export function startLauncher(id: string, marker: string, script: string): Launcher {
  const wait = `echo "echolab launcher ${id} $$" >${marker}; read -r _ || exit 0; . ${script}`;
  const child = startChild('sh', ['-c', wait]);
  child.stdin.on('error', () => undefined); // EPIPE: a program that does not read its input
  return {
    ...{ id, child },
    async launch(line) {
      await writeFile(script, `exec ${line.map(quote).join(' ')}\n`);
      child.stdin.write('\n');
    },
    end: () => void child.stdin.end(),
  };
}

/** Every program of the lab is started so, by a launcher or without. */
export function startChild(file: string, args: readonly string[]) {
  return execa(file, args, { buffer: false, reject: false, stdin: 'pipe', extendEnv: true });
}

const quote = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`;
