/**
 * One instance of the kernel's tracer: buffers, events and settings of its own, so that nobody else on the machine is
 * disturbed (Documentation/trace/ftrace.rst, "Instances").
 *
 * An instance is no process's: it outlives who made it. But the kernel does not remove one that somebody has open
 * (EBUSY), and a process that dies closes its files. So every lab that starts tries to remove every instance with
 * the lab's name: those of the living stay, those of the dead go. No lock, no process number, no race: who loses
 * its instance between making and opening it makes it again.
 */
import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';
import { mkdir, open, readFile, readdir, rmdir, writeFile } from 'node:fs/promises';

const prefix = 'echolab-';

export interface Instance extends AsyncDisposable {
  readonly name: string;
  /** Writes a setting; rejects with the kernel's word (`EPERM`, `EINVAL`). May wait for an RCU grace period. */
  set(file: string, value: string): Promise<void>;
  /** Adds to a list that a file holds. */
  add(file: string, value: string): Promise<void>;
  get(file: string): Promise<string>;
  /** The names in a folder of it; none where the kernel has no such folder. */
  list(folder: string): Promise<string[]>;
  /** A line of our own in the trace, at once. */
  mark(text: string): void;
  /** The trace since it was asked last. */
  drain(): string;
}

/** @param tracefs the folder, @param name this lab's, without the prefix */
export async function openInstance(tracefs: string, name: string): Promise<Instance> {
  const folder = `${tracefs}/instances/${prefix}${name}`;
  const { pipe, marker } = await make(folder);
  const buffer = Buffer.alloc(65_536);
  return {
    name: prefix + name,
    set: (file, value) => writeFile(`${folder}/${file}`, value),
    async add(file, value) {
      await using handle = await open(`${folder}/${file}`, constants.O_WRONLY | constants.O_APPEND);
      await handle.write(value);
    },
    get: (file) => readFile(`${folder}/${file}`, 'latin1'),
    list: (below) => readdir(`${folder}/${below}`).catch(() => []),
    mark: (text) => void writeSync(marker, `${text}\n`),
    drain() {
      let text = '';
      for (;;) {
        try {
          const size = readSync(pipe, buffer);
          if (size === 0) return text;
          text += buffer.toString('latin1', 0, size);
        } catch (error) {
          if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return text;
          throw error;
        }
      }
    },
    async [Symbol.asyncDispose]() {
      closeSync(pipe);
      closeSync(marker);
      await rmdir(folder);
    },
  };
}

/** Another lab that starts may remove it before it is open. */
async function make(folder: string): Promise<{ pipe: number; marker: number }> {
  for (let tries = 1; ; tries += 1) {
    await mkdir(folder);
    try {
      const pipe = openSync(`${folder}/trace_pipe`, constants.O_RDONLY | constants.O_NONBLOCK);
      return { pipe, marker: openSync(`${folder}/trace_marker`, constants.O_WRONLY) };
    } catch (error) {
      if (tries === 5) throw error;
    }
  }
}

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
