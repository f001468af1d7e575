import type { Place } from './event.ts';
import type { Prefix } from './prefix.ts';

/** A place with the fields it has: with both, as nearly always, in one literal, which is many times faster. */
export function placeOf(
  line: number,
  start: number,
  end: number,
  pid: number | undefined,
  startNs: bigint,
): Place {
  if (pid !== undefined && startNs !== 0n) return { line, start, end, pid, startNs };
  if (pid !== undefined) return { line, start, end, pid };
  return startNs === 0n ? { line, start, end } : { line, start, end, startNs };
}

/** A place with all that a prefix tells. */
export function placeWith(
  bare: Place,
  { comm, syscallNumber, instructionPointer }: Prefix,
  pid: number | undefined,
  startNs: bigint | undefined,
): Place {
  return {
    ...bare,
    ...(pid === undefined ? {} : { pid }),
    ...(comm === undefined ? {} : { comm }),
    ...(startNs === undefined ? {} : { startNs }),
    ...(syscallNumber === undefined ? {} : { syscallNumber }),
    ...(instructionPointer === undefined ? {} : { instructionPointer }),
  };
}
