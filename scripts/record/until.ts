/** Waits for a sign that is already on its way, in a recorder's pipe or log. */
import { setTimeout as pause } from 'node:timers/promises';

/** Resolves once `sign` is there, or once `over` says that it will not come. */
export async function until(sign: () => boolean, over: () => boolean): Promise<void> {
  while (!sign() && !over()) await pause(2);
}
