/**
 * The function graph of one system call: every function under it, nested, with its time (`kernel.graph`).
 *
 * Until Linux 6.12 instances do not have this tracer, only the machine's one top of tracefs. The lab touches that only on
 * a machine that is the lab's alone, which says so with LAB_KERNEL=own (make reference-kernel).
 */
import type { Instance, Tracefs } from '../hosts/tracefs.ts';
import { instruments } from '../parse/kernel-functions.ts';
import { refused } from './kernel-functions.ts';

/** connect(2), by the name of its entry on each architecture. */
const entries = ['__x64_sys_connect', '__arm64_sys_connect', '__se_sys_connect'];

/** The file's form: who and when stands on each line, so that pairs can be told apart. */
const options = ['funcgraph-proc', 'funcgraph-abstime', 'funcgraph-tail'];

export async function tryGraph(tracefs: Tracefs, tag: string): Promise<Instance | string> {
  const instance = await tracefs.open(`${tag}-graph`);
  const tracers = (await instance.get('available_tracers')).trim().split(' ');
  if (tracers.includes('function_graph')) return configured(instance);
  await instance[Symbol.asyncDispose]();
  const top = tracefs.top?.();
  const offered = ((await top?.get('available_tracers').catch(() => '')) ?? '')
    .split(/\s/)
    .includes('function_graph');
  if (top && offered && process.env['LAB_KERNEL'] === 'own') return configured(top);
  top?.close();
  return offered
    ? 'function graph: this kernel has it for the whole machine only (LAB_KERNEL=own where that is the lab’s)'
    : 'function graph: this kernel is built without it';
}

/**
 * Said, not left to the kernel: one whose other rings have been given a size leaves this one at two pages.
 */
const bufferKb = 4096;

async function configured(instance: Instance): Promise<Instance | string> {
  try {
    await instance.set('buffer_size_kb', String(bufferKb));
    await instance.set('set_ftrace_pid', '1');
    await instance.set('options/function-fork', '1');
    let chosen: string | undefined;
    for (const entry of entries) {
      const found = await instance.set('set_graph_function', entry).then(
        () => true,
        () => false,
      );
      if (found) chosen ??= entry;
      if (found) break;
    }
    if (chosen === undefined) throw new Error('no entry of connect(2) by a known name');
    for (const option of options) await instance.set(`options/${option}`, '1').catch(() => undefined);
    // What an interrupt does meanwhile is not the call's; nor is what the lab's instruments do.
    await instance.set('options/funcgraph-irqs', '0').catch(() => undefined);
    for (const name of instruments) await instance.add('set_graph_notrace', name).catch(() => undefined);
    await instance.set('current_tracer', 'function_graph');
    return instance;
  } catch (error) {
    await instance[Symbol.asyncDispose]();
    return refused('function graph', error);
  }
}
