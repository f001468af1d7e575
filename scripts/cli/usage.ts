/** Flags, the same way for every verb, and what is said where they are wrong. */
import { closestMatch } from 'leven';
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';

/** The command line, or a file that it names, is wrong: told in a line, with what would mend it; exit code 2. */
export class UsageError extends Error {
  readonly why: string | undefined;
  /** The verb's help, where nothing is said. */
  readonly mend: string | undefined;
  constructor(what: string, { why, mend }: { why?: string; mend?: string } = {}) {
    super(what);
    this.why = why;
    this.mend = mend;
  }
}

/** It is over, and everything has been said: only the exit code is left. */
export class Ended extends Error {
  readonly exitCode: number;
  constructor(exitCode: number) {
    super();
    this.exitCode = exitCode;
  }
}

/** A name that is none of `names`. @param kind `lesson`, `verb` */
export function noSuch(kind: string, name: string, names: readonly string[]): UsageError {
  return new UsageError(`there is no ${kind} '${name}'; there are ${names.join(', ')}`, meant(name, names));
}

/** Two letters may be wrong; two that changed places are two. */
function meant(name: string, names: readonly string[]): { mend?: string } {
  const near = closestMatch(name, names, { maxDistance: 2 });
  return near === undefined ? {} : { mend: `did you mean ${near}?` };
}

/** parseArgs of Node, with its complaints as usage errors. */
export function readFlags<T extends ParseArgsOptionsConfig>(args: string[], options: T, positionals = false) {
  try {
    return parseArgs({ args, options, allowPositionals: positionals, strict: true });
  } catch (error) {
    const message = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    const unknown = /^Unknown option '(--[^']+)'/.exec(message)?.[1];
    const known = Object.keys(options).map((name) => `--${name}`);
    throw new UsageError(message, unknown === undefined ? {} : meant(unknown, known));
  }
}
