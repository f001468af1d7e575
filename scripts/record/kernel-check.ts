/** Whether the kernel recorder can record here, and how deep it would see. */
import { borrowTracefs } from '../hosts/tracefs-here.ts';
import type { Obstacle } from '../hosts/host.ts';
import type { Tracefs } from '../hosts/tracefs.ts';
import { openKernelRecorder } from './kernel.ts';

export interface KernelCheck {
  /** What it would record, where it can. */
  readonly fine: string;
  readonly obstacle: Obstacle | undefined;
}

export async function checkKernel(): Promise<KernelCheck> {
  const found = await borrowTracefs();
  if ('mend' in found) return { fine: '', obstacle: found };
  await using borrowed = found;
  const { fine, obstacle } = await tryTracefs(borrowed.tracefs);
  return {
    fine: borrowed.own ? `${fine}; tracefs is not mounted here: a lab mounts it for itself` : fine,
    obstacle,
  };
}

/** Starts the recorder without any host, reads back what it has written itself, and takes everything away. */
export async function tryTracefs(tracefs: Tracefs): Promise<KernelCheck> {
  try {
    await using recorder = await openKernelRecorder({ tracefs, pairs: [] });
    const { tier, why } = recorder.reached;
    return { fine: why === undefined ? tier : `${tier}; ${why}`, obstacle: undefined };
  } catch (error) {
    const obstacle = {
      what: 'the kernel’s tracer does not record',
      why: error instanceof Error ? error.message : String(error),
      mend: 'a kernel with CONFIG_TRACING and CONFIG_FTRACE_SYSCALLS; LAB_KERNEL=0 does without',
    };
    return { fine: '', obstacle };
  }
}
