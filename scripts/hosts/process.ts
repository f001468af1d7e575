/** A process that the lab has started on a host, by its pipes. */
import { execa } from 'execa';
import type { Readable } from 'node:stream';

export interface Process {
  readonly stdout: Readable;
  readonly stderr: Readable;
  input(text: string): void;
  endInput(): void;
  /** Its number as the host counts; undefined where it did not start. */
  readonly pid: Promise<number | undefined>;
  /** Its exit status, or the signal that ended it where the backend can tell. */
  readonly ended: Promise<{ readonly exitCode?: number | undefined; readonly signal?: string | undefined }>;
  /** Ends what there is of it on this side, for good. */
  kill(): void;
}

/** Runs a command line as a child of this process. */
export function startProcess([file = '', ...args]: readonly string[]): Process {
  const child = execa(file, args, { buffer: false, reject: false, stdin: 'pipe' });
  child.stdin.on('error', () => undefined); // EPIPE: a program that does not read its input
  return {
    ...{ stdout: child.stdout, stderr: child.stderr },
    input: (text) => void child.stdin.write(text),
    endInput: () => void child.stdin.end(),
    pid: Promise.resolve(child.pid),
    ended: child.then(({ exitCode, signal }) => ({ exitCode, signal })),
    kill: () => void child.kill('SIGKILL'),
  };
}

/** As a word of sh(1), whatever is in it. */
export const quote = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;
