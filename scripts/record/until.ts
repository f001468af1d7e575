/** Waits for a sign that is already on its way, in a recorder's pipe or log. */
import { availableParallelism, loadavg } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';

/** Resolves once `sign` is there, or once `over` says that it will not come. */
export async function until(sign: () => boolean, over: () => boolean): Promise<void> {
  while (!sign() && !over()) await pause(2);
}

/** Limits are for an idle machine; where more programs run than there are cores, everything takes longer. */
export function patient(ms: number): number {
  const [load = 0] = loadavg();
  return ms * Math.max(1, load / availableParallelism());
}
