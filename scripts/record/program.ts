/** One program on one host, traced, until it ends; its recordings are taken then. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Host } from '../hosts/host.ts';
import type { Command } from '../model/run.ts';
import { recordOutput } from './output.ts';
import type { Recording } from './store.ts';
import type { SymbolTables } from './symbols.ts';
import { takeNames } from './user-stacks.ts';

export interface RunningProgram {
  /** Resolves with the first line of standard output that fits. */
  printed(line: RegExp): Promise<RegExpExecArray>;
  input(text: string): void;
  endInput(): void;
  signal(name: NodeJS.Signals): Promise<void>;
  /** Resolves once the main thread waits in a system call, or the program has ended. */
  waits(): Promise<void>;
  /** Ends it for good, if it still runs; `why` is what run.json will say. */
  kill(why: string): Promise<void>;
  exited: Promise<undefined>;
  ended: () => boolean;
  /** After `exited`. */
  take(): Promise<{ command: Omit<Command, 'meant'>; recordings: Recording[] }>;
}

/** @param log where the tracer writes, on the host; undefined: without a tracer */
export async function startProgram(
  host: Host,
  argv: readonly string[],
  options: {
    log: string | undefined;
    tracer: readonly string[];
    /** By the kernel's tracer, where there is one. */
    followed: boolean;
    /** Where the names of the functions on the program's stacks are to be found: in a folder the program leaves some. */
    names?: { folder: string; tables?: SymbolTables | undefined };
  },
): Promise<RunningProgram> {
  const { log, tracer, followed, names } = options;
  const traced = log !== undefined;
  const words = traced ? [...tracer, ...argv] : argv;
  const line = host.program(words);
  const process = await host.start(words, followed);
  const output = recordOutput(process);
  let killed: string | undefined;
  let running = true;
  const exited = process.ended.then(() => {
    running = false;
    return undefined;
  });
  let pid: number | undefined;
  const started = process.pid.then((number) => (pid = number));
  const signal = async (name: NodeJS.Signals) => {
    if (pid !== undefined && running) await host.signal(pid, name, traced);
  };
  return {
    printed: (pattern) => output.printed(pattern),
    input: (text) => process.input(text),
    endInput: () => process.endInput(),
    async signal(name) {
      await started;
      await signal(name);
    },
    async waits() {
      await started;
      for (let before = ''; running && pid !== undefined; await pause(3)) {
        const now = await host.doing(pid, traced);
        if (now.startsWith('S ') && now === before) return;
        before = now;
      }
    },
    async kill(why) {
      if (!running) return;
      killed ??= why;
      await signal('SIGKILL');
      process.kill();
    },
    exited,
    ended: () => !running,
    async take() {
      const { exitCode, signal: by } = await process.ended;
      const ended = killed ?? by ?? `exit ${exitCode ?? 'unknown'}`;
      const recordings: Recording[] = [[`${host.name}.out`, output.recording()]];
      if (traced) {
        // A tracer that could not begin has said why in the program's output, and left no log.
        const strace = await host.take(log).catch(() => Buffer.alloc(0));
        recordings.push([`${host.name}.strace`, strace]);
        if (names !== undefined)
          recordings.push([`${host.name}.names`, await takeNames(host, names.folder, strace, names.tables)]);
      }
      return { command: { host: host.name, argv: [...argv], traced: [...line], ended }, recordings };
    },
  };
}
