/** Where events go until somebody takes them. */
import type { StraceEvent } from './event.ts';

/** An array is one too. */
export interface Sink {
  push(event: StraceEvent): unknown;
}

export interface Queue extends Sink {
  /** Undefined where nothing waits. */
  take(): StraceEvent | undefined;
}

/**
 * First in, first out. Nearly always one event waits, so the first has a place of its own: an array would grow and
 * shrink for each.
 */
export function createQueue(): Queue {
  let first: StraceEvent | undefined;
  const others: StraceEvent[] = [];
  return {
    push(event) {
      if (first === undefined) first = event;
      else others.push(event);
    },
    take() {
      const event = first;
      first = others.length > 0 ? others.shift() : undefined;
      return event;
    },
  };
}
