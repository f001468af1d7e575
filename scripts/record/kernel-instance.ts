/**
 * One instance of the kernel's tracer: buffers, events and settings of its own, so that nobody else on the machine is
 * disturbed (Documentation/trace/ftrace.rst, "Instances").
 *
 * An instance is no process's: it outlives who made it. But the kernel does not remove one that somebody has open
 * (EBUSY), and a process that dies closes its files. So every lab that starts tries to remove every instance with
 * the lab's name: those of the living stay, those of the dead go. No lock, no process number, no race: who loses
 * its instance between making and opening it makes it again.
 */
import { closeSync, constants, openSync, readSync, readdirSync, writeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { patient } from './until.ts';
import { mkdir, open, readFile, readdir, rmdir, writeFile } from 'node:fs/promises';

const prefix = 'echolab-';
/** Characters. */
const mostAtOnce = 4 << 20;

export interface Instance extends AsyncDisposable {
  readonly folder: string;
  /** `cpu0`, `cpu1`: each has a ring of its own. */
  readonly processors: readonly string[];
  /** Closes it, and leaves its settings as they are. */
  close(): void;
  /** Writes a setting; rejects with the kernel's word (`EPERM`, `EINVAL`). May wait for an RCU grace period. */
  set(file: string, value: string): Promise<void>;
  /** Adds to a list that a file holds. */
  add(file: string, value: string): Promise<void>;
  get(file: string): Promise<string>;
  /** A line of our own in the trace, at once. */
  mark(text: string): void;
  /** The trace since it was asked last, or a good part of it: events may come faster than anybody reads. */
  drain(): string;
}

/** @param tracefs the folder, @param name this lab's, without the prefix */
export async function openInstance(tracefs: string, name: string): Promise<Instance> {
  const folder = `${tracefs}/instances/${prefix}${name}`;
  const files = await make(folder);
  return handle(folder, files, () => remove(folder));
}

/** The machine's own tracer, which everybody on it shares: only for a machine that is the lab's alone. */
export function openTop(tracefs: string): Instance {
  return handle(tracefs, openFiles(tracefs), async () => {
    for (const [file, value] of [
      ['current_tracer', 'nop'],
      ['set_ftrace_pid', ''],
      ['set_graph_function', ''],
    ] as const) {
      await writeFile(`${tracefs}/${file}`, value).catch(() => undefined);
    }
  });
}

interface Files {
  readonly pipe: number;
  readonly marker: number;
}

function handle(folder: string, { pipe, marker }: Files, undo: () => Promise<void>): Instance {
  const buffer = Buffer.alloc(65_536);
  const close = () => {
    closeSync(pipe);
    closeSync(marker);
  };
  return {
    folder,
    processors: readdirSync(`${folder}/per_cpu`),
    close,
    set: (file, value) => writeFile(`${folder}/${file}`, value),
    async add(file, value) {
      await using handle = await open(`${folder}/${file}`, constants.O_WRONLY | constants.O_APPEND);
      await handle.write(value);
    },
    get: (file) => readFile(`${folder}/${file}`, 'latin1'),
    mark: (text) => void writeSync(marker, `${text}\n`),
    drain() {
      let text = '';
      while (text.length < mostAtOnce) {
        try {
          const size = readSync(pipe, buffer);
          if (size === 0) return text;
          text += buffer.toString('latin1', 0, size);
        } catch (error) {
          if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return text;
          throw error;
        }
      }
      return text;
    },
    async [Symbol.asyncDispose]() {
      close();
      await undo();
    },
  };
}

function openFiles(folder: string): Files {
  const pipe = openSync(`${folder}/trace_pipe`, constants.O_RDONLY | constants.O_NONBLOCK);
  return { pipe, marker: openSync(`${folder}/trace_marker`, constants.O_WRONLY) };
}

/** Another lab that starts may remove it before it is open. */
async function make(folder: string): Promise<Files> {
  for (let tries = 1; ; tries += 1) {
    await mkdir(folder);
    try {
      return openFiles(folder);
    } catch (error) {
      if (tries === 5) throw error;
    }
  }
}

/**
 * It is busy as long as a process that starts programs has its marker open, for some microseconds: one may have been
 * opened for a program that did not come. Or another lab has taken it, closed as it is, for one that was left.
 */
async function remove(folder: string): Promise<void> {
  const deadline = performance.now() + patient(removeLimitMs);
  for (;;) {
    const code = await rmdir(folder).then(
      () => undefined,
      (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
    );
    if (code === undefined || code === 'ENOENT' || code === 'ENODEV') return;
    // What cannot be removed now, the next lab's sweep removes.
    if (code === 'EBUSY' && performance.now() > deadline) return;
    if (code !== 'EBUSY') throw new Error(`cannot remove ${folder}`, { cause: code });
    await pause(5);
  }
}

const removeLimitMs = 1000;

/** Removes what killed labs have left; gives the names. */
export async function sweepInstances(tracefs: string): Promise<string[]> {
  const names = await readdir(`${tracefs}/instances`);
  const removed: string[] = [];
  for (const name of names.filter((one) => one.startsWith(prefix))) {
    const gone = await rmdir(`${tracefs}/instances/${name}`).then(
      () => true,
      () => false,
    );
    if (gone) removed.push(name);
  }
  return removed;
}
