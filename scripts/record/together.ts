/**
 * What is asked for while the last is under way is done in one go after it. The kernel's tracer takes as long for one
 * process as for ten, and whoever waits for it holds one of the few threads that all of Node's file access shares.
 */
export function together<Item>(
  act: (items: readonly Item[]) => Promise<void>,
): (items: readonly Item[]) => Promise<void> {
  let waiting: Item[] = [];
  let next: Promise<void> | undefined;
  let running: Promise<unknown> = Promise.resolve();
  return (items) => {
    waiting.push(...items);
    next ??= running.then(() => {
      const taken = waiting;
      waiting = [];
      next = undefined;
      const done = act(taken);
      running = done.catch(() => undefined); // whoever asked for it is told
      return done;
    });
    return next;
  };
}
