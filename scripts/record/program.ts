/** One program on one host, traced, until it ends; its recordings are taken then. */
import type { Host } from '../hosts/host.ts';
import type { Command } from '../model/run.ts';
import { startChild, type Launcher } from './launcher.ts';
import { recordOutput } from './output.ts';
import type { Recording } from './store.ts';
import { straceArgv } from './strace.ts';

export interface RunningProgram {
  printed(start: string): Promise<void>;
  endInput(): void;
  terminate(): Promise<void>;
  /** Ends it for good, if it still runs; `why` is what run.json will say. */
  kill(why: string): Promise<void>;
  exited: Promise<void>;
  ended: () => boolean;
  /** After `exited`. */
  take(): Promise<{ command: Command; recordings: Recording[] }>;
}

/** @param scratch a folder of the host that programs may write, @param traced false: without any recorder */
export function startProgram(
  host: Host,
  argv: readonly string[],
  options: { scratch: string; tag: string; traced: boolean; launcher?: Launcher | undefined },
): RunningProgram {
  const log = `${options.scratch}/${options.tag}-${host.name}.strace`;
  const line = host.program(options.traced ? straceArgv(log, argv) : argv);
  const [file = '', ...args] = line;
  const child = options.launcher?.child ?? startChild(file, args);
  const output = recordOutput(child);
  child.stdin.on('error', () => undefined); // EPIPE: a program that does not read its input
  void options.launcher?.launch(line);
  let killed: string | undefined;
  let running = true;
  const exited = child.then(() => {
    running = false;
  });
  const signal = async (name: 'SIGTERM' | 'SIGKILL') => {
    if (child.pid === undefined || !running) return;
    await host.signal(child.pid, name, options.traced);
  };
  return {
    printed: (start) => output.printed(start),
    endInput: () => child.stdin.end(),
    terminate: () => signal('SIGTERM'),
    async kill(why) {
      if (!running) return;
      killed ??= why;
      await signal('SIGKILL');
      child.kill('SIGKILL');
    },
    exited,
    ended: () => !running,
    async take() {
      const { exitCode, signal: by } = await child;
      const ended = killed ?? by ?? `exit ${exitCode ?? 'unknown'}`;
      const recordings: Recording[] = [[`${host.name}.out`, output.recording()]];
      if (options.traced) {
        // A tracer that could not begin has said why in the program's output, and left no log.
        const traced = await host.take(log).catch(() => Buffer.alloc(0));
        recordings.push([`${host.name}.strace`, traced]);
      }
      return { command: { host: host.name, argv: [...argv], traced: [...line], ended }, recordings };
    },
  };
}
