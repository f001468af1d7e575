/** Flags, the same way for every verb. */
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';

/** The command line is wrong: told in a line, exit code 2. */
export class UsageError extends Error {}

/** It is over, and everything has been said: only the exit code is left. */
export class Ended extends Error {
  readonly exitCode: number;
  constructor(exitCode: number) {
    super();
    this.exitCode = exitCode;
  }
}

/** parseArgs of Node, with its complaints as usage errors. */
export function readFlags<T extends ParseArgsOptionsConfig>(args: string[], options: T, positionals = false) {
  try {
    return parseArgs({ args, options, allowPositionals: positionals, strict: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));
  }
}
