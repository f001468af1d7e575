/**
 * tracefs of this machine. Where it is not mounted, it is mounted in a mount namespace of our own, where nobody else
 * sees it.
 */
import { execa } from 'execa';
import { closeSync, constants, openSync, readFileSync, readSync, readdirSync, writeSync } from 'node:fs';
import { access, mkdir, open, readFile, readdir, rmdir, writeFile } from 'node:fs/promises';
import { release } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { patient } from '../record/until.ts';
import { nowNs } from '../record/clock.ts';
import type { Obstacle } from './host.ts';
import { instancePrefix, usualTracefs, type Top, type Tracefs } from './tracefs.ts';

/** Characters. */
const mostAtOnce = 4 << 20;

/** To be called in a mount namespace of one's own. @param own where to mount it if need be */
export async function openTracefs(own: string): Promise<Tracefs | Obstacle> {
  const refused = await reach(usualTracefs);
  if (refused === undefined) return tracefsIn(usualTracefs);
  if (process.getuid?.() !== 0) return obstacle(refused);
  await mkdir(own, { recursive: true });
  const { failed, stderr } = await execa('mount', ['-t', 'tracefs', 'echolab', own], { reject: false });
  if (failed) return obstacle(firstLine(stderr));
  const hidden = await reach(own);
  return hidden === undefined ? tracefsIn(own) : obstacle(hidden);
}

export interface Borrowed extends AsyncDisposable {
  readonly tracefs: Tracefs;
  /** Where it is seen until disposal. */
  readonly folder: string;
  /** It is not mounted for everybody. */
  readonly own: boolean;
}

/** The same from where nothing may be mounted: for a look at it, or to tidy it. */
export async function borrowTracefs(): Promise<Borrowed | Obstacle> {
  const refused = await reach(usualTracefs);
  const nothing = { [Symbol.asyncDispose]: () => Promise.resolve() };
  if (refused === undefined)
    return { tracefs: tracefsIn(usualTracefs), folder: usualTracefs, own: false, ...nothing };
  if (process.getuid?.() !== 0) return obstacle(refused);
  return mountForUs();
}

/** How long the kernel may take to end a lab that was killed. */
const endLimitMs = 2000;

/**
 * Removes what killed labs have left, and gives its names; who cannot use the tracer has left nothing.
 *
 * @param dying the tag of a lab that has just been killed: as long as one of its processes lives, the kernel keeps its instances
 */
export async function sweepTracefs(dying?: string): Promise<string[]> {
  const found = await borrowTracefs();
  if ('mend' in found) return [];
  await using borrowed = found;
  const until = performance.now() + patient(endLimitMs);
  const removed = [...(await borrowed.tracefs.sweep())];
  if (dying === undefined) return removed;
  const lives = async () =>
    (await readdir(`${borrowed.folder}/instances`)).some((name) => name.startsWith(instancePrefix + dying));
  while ((await lives()) && performance.now() < until) {
    await pause(20);
    removed.push(...(await borrowed.tracefs.sweep()));
  }
  return removed;
}

/**
 * The mount belongs to a process that ends with our pipe, and is seen through /proc/PID/root.
 * --no-mtab: mount(8) would make /run/mount, for everybody.
 */
async function mountForUs(): Promise<Borrowed | Obstacle> {
  const script = `mount --no-mtab -t tracefs echolab ${usualTracefs} && echo mounted && exec cat`;
  const holder = execa('unshare', ['--mount', 'sh', '-c', script], { reject: false, stdin: 'pipe' });
  const mounted = await new Promise<boolean>((resolve) => {
    holder.stdout.once('data', () => resolve(true));
    void holder.then(() => resolve(false));
  });
  const folder = `/proc/${holder.pid ?? 0}/root${usualTracefs}`;
  const refused = mounted ? await reach(folder) : firstLine((await holder).stderr);
  const release = async () => {
    holder.stdin.end();
    await holder;
  };
  if (refused === undefined)
    return { tracefs: tracefsIn(folder), folder, own: true, [Symbol.asyncDispose]: release };
  await release();
  return obstacle(refused);
}

const firstLine = (said: string): string => said.trim().split('\n')[0] || 'mount said nothing';

/**
 * What keeps one from making instances there. A kernel that is locked down shows an empty folder, and so does a machine
 * where nobody has mounted it.
 */
const reach = (folder: string): Promise<string | undefined> =>
  access(`${folder}/instances`, constants.W_OK).then(
    () => undefined,
    (error: unknown) => {
      const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
      if (missing && process.getuid?.() !== 0) return `permission denied: only root can mount tracefs`;
      return error instanceof Error ? error.message : String(error);
    },
  );

const obstacle = (why: string): Obstacle => ({
  what: 'the kernel’s tracer cannot be used',
  why,
  mend: 'run as root on a kernel with tracefs (CONFIG_TRACING) that is not locked down (see lockdown=)',
});

const tracefsIn = (tracefs: string): Tracefs => ({
  kernel: release(),
  async open(name) {
    const folder = `${tracefs}/instances/${instancePrefix}${name}`;
    const marker = await make(folder);
    return handle(folder, marker, () => remove(folder));
  },
  top: () => handle(tracefs, openMarker(tracefs), () => undoTop(tracefs)),
  async sweep() {
    const names = await readdir(`${tracefs}/instances`);
    const removed: string[] = [];
    for (const name of names.filter((one) => one.startsWith(instancePrefix))) {
      const gone = await rmdir(`${tracefs}/instances/${name}`).then(
        () => true,
        () => false, // a living lab has it open
      );
      if (gone) removed.push(name);
    }
    return removed;
  },
});

async function undoTop(tracefs: string): Promise<void> {
  for (const [file, value] of [
    ['current_tracer', 'nop'],
    ['set_ftrace_pid', ''],
    ['set_graph_function', ''],
    ['set_graph_notrace', ''],
  ] as const) {
    await writeFile(`${tracefs}/${file}`, value).catch(() => undefined);
  }
}

/** Marks and the trace are written and read at once: a queue of their own would only make them late. */
function handle(folder: string, marker: number, undo: () => Promise<void>): Top {
  const buffer = Buffer.alloc(65_536);
  const processors = readdirSync(`${folder}/per_cpu`);
  // Opened when it is first read: while it is open the kernel changes no tracer (EBUSY).
  let pipe: number | undefined;
  const close = () => {
    if (pipe !== undefined) closeSync(pipe);
    closeSync(marker);
  };
  return {
    close,
    set: (file, value) => writeFile(`${folder}/${file}`, value),
    async add(file, value) {
      await using handle = await open(`${folder}/${file}`, constants.O_WRONLY | constants.O_APPEND);
      await handle.write(value);
    },
    get: (file) => readFile(`${folder}/${file}`, 'latin1'),
    async perProcessor(file) {
      return processors.map((cpu) => readFileSync(`${folder}/per_cpu/${cpu}/${file}`, 'latin1')).join('');
    },
    async mark(text) {
      const before = nowNs();
      writeSync(marker, `${text}\n`);
      return { before, after: nowNs() };
    },
    async drain() {
      pipe ??= openSync(`${folder}/trace_pipe`, constants.O_RDONLY | constants.O_NONBLOCK);
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

const openMarker = (folder: string): number => openSync(`${folder}/trace_marker`, constants.O_WRONLY);

/** Another lab that starts may remove it before it is open. */
async function make(folder: string): Promise<number> {
  for (let tries = 1; ; tries += 1) {
    await mkdir(folder);
    try {
      return openMarker(folder);
    } catch (error) {
      if (tries === 5) throw error;
    }
  }
}

/** Another lab's sweep may have taken it, closed as it is. What somebody has open, the next lab's sweep removes. */
async function remove(folder: string): Promise<void> {
  const code = await rmdir(folder).then(
    () => undefined,
    (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
  );
  if (code === undefined || code === 'ENOENT' || code === 'ENODEV' || code === 'EBUSY') return;
  throw new Error(`cannot remove ${folder}`, { cause: code });
}
