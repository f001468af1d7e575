/**
 * Processes that become a program when they are told to. The kernel's tracer must know the number of a process before the
 * program starts, and takes some 30 ms (an RCU grace period) to learn it; so a few are kept ready.
 *
 * A process's own number means nothing to the tracer, which counts in the machine's: a launcher writes a line into
 * the trace, and the kernel puts the machine's number before that line.
 */
import { writeFile } from 'node:fs/promises';
import { quote, startProcess, type Process } from '../hosts/process.ts';

export interface Launcher {
  readonly id: string;
  readonly process: Process;
  /** Makes it run the command line, with the pipes it has. */
  launch(line: readonly string[]): Promise<void>;
}

export interface Place {
  /** The pair's. */
  readonly tag: string;
  /** The tracer's file for marks. */
  readonly marker: string;
  /** A folder for scripts. */
  readonly scratch: string;
}

const kept = 4;
const fewest = 2;

/** @param follow makes the tracer follow launchers that have been started */
export function openLaunchers(place: Place, follow: (ids: readonly string[]) => Promise<void>) {
  const ready: Launcher[] = [];
  const all: Launcher[] = [];
  const fill = async () => {
    const fresh = Array.from({ length: kept - ready.length }, (_, n) =>
      startLauncher(place, `${place.tag}-${all.length + n}`),
    );
    all.push(...fresh);
    await follow(fresh.map(({ id }) => id));
    ready.push(...fresh);
  };
  let filling = start();
  function start() {
    const begun = fill();
    begun.catch(() => undefined); // whoever takes one is told
    return begun;
  }
  return {
    async take(): Promise<Launcher> {
      if (ready.length === 0) await filling;
      const launcher = ready.shift();
      if (launcher === undefined) throw new Error('no launcher is ready');
      if (ready.length < fewest) filling = filling.then(start);
      return launcher;
    },
    /** Ends those that were not needed. */
    async end(): Promise<void> {
      await filling.catch(() => undefined);
      for (const launcher of ready) launcher.process.endInput();
    },
  };
}

function startLauncher({ marker, scratch }: Place, id: string): Launcher {
  const script = `${scratch}/launch-${id}`;
  const wait = `echo "echolab launcher ${id} $$" >${marker}; read -r _ || exit 0; . ${script}`;
  const process = startProcess(['sh', '-c', wait]);
  return {
    ...{ id, process },
    async launch(line) {
      await writeFile(script, `exec ${line.map(quote).join(' ')}\n`);
      process.input('\n');
    },
  };
}
