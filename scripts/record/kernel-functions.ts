/**
 * The function tracer: every call of the kernel's functions with these names, of the lab's programs only. Kernels that are
 * locked down refuse it (EPERM), others are built without it: tried, never guessed.
 */
import type { Instance, Tracefs } from '../hosts/tracefs.ts';

const patterns = ['tcp_*', 'udp_*', 'ip_*', 'inet_*', 'sock_*'];

/** Tens of thousands of calls, 40 bytes each. */
const bufferKb = 8192;

/**
 * Gives the instance, or what keeps the kernel from it.
 *
 * @param probe an instance that is there already: making one and removing it costs an RCU grace period
 * @param clock as in the other instances
 */
export async function tryFunctions(
  probe: Instance,
  tracefs: Tracefs,
  tag: string,
  clock: string,
): Promise<Instance | string> {
  try {
    await probe.add('set_ftrace_filter', 'tcp_v4_connect');
  } catch (error) {
    return refused('function tracer', error);
  }
  const instance = await tracefs.open(`${tag}-functions`);
  try {
    // All functions of all processes would stop the machine: both limits stand before it is switched on.
    for (const pattern of patterns) await instance.add('set_ftrace_filter', pattern);
    await instance.set('set_ftrace_pid', '1');
    await instance.set('options/function-fork', '1');
    await instance.set('buffer_size_kb', String(bufferKb));
    await instance.set('trace_clock', clock);
    await instance.set('current_tracer', 'function');
    return instance;
  } catch (error) {
    await instance[Symbol.asyncDispose]();
    return refused('function tracer', error);
  }
}

/** `the kernel refuses the function tracer (EPERM)` */
export function refused(what: string, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const why = {
    EPERM: ' (EPERM: it is locked down)',
    ENOENT: ' (ENOENT: it is built without it)',
    EINVAL: ' (EINVAL: it is built without it)',
  }[code];
  return `the kernel refuses the ${what}${why ?? ` (${error instanceof Error ? error.message : String(error)})`}`;
}
