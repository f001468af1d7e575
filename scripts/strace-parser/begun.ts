/** Calls whose second half has not come yet, one per thread at most. */
import type { Place } from './event.ts';

export interface Begun {
  readonly place: Place;
  readonly name: string;
  readonly head: string;
}

export interface BegunCalls {
  set(pid: number, call: Begun): void;
  /** The first half that `name` resumes. On stderr the pid appears with the second process and leaves with it. */
  resume(pid: number, name: string): Begun | undefined;
  /** What the thread has begun, if anything; it is forgotten. */
  take(pid: number): Begun | undefined;
  /** The thread is over. */
  forget(pid: number): void;
  /** Pids of those that have begun a call. */
  pids(): number[];
}

/** Threads that are idle are forgotten when there are more than this, and twice as many as before. */
const fewest = 1024;

/** 0 stands for lines without a pid. */
export function createBegunCalls(): BegunCalls {
  // A thread keeps its place between two calls. A Map with an entry set and deleted for each call makes itself anew
  // again and again, and each old table keeps the next one alive in V8's old space.
  const threads = new Map<number, { call: Begun | undefined }>();
  let most = fewest;

  function take(pid: number): Begun | undefined {
    const thread = threads.get(pid);
    if (thread === undefined) return undefined;
    const { call } = thread;
    thread.call = undefined;
    return call;
  }

  function forgetIdle(): void {
    for (const [pid, { call }] of threads) if (call === undefined) threads.delete(pid);
    most = Math.max(fewest, 2 * threads.size);
  }

  function onlyOne(name: string): number | undefined {
    const candidates = [...threads].filter(([, { call }]) => call?.name === name);
    return candidates.length === 1 ? candidates[0]?.[0] : undefined;
  }

  return {
    set(pid, call) {
      const thread = threads.get(pid);
      if (thread !== undefined) thread.call = call;
      else {
        if (threads.size >= most) forgetIdle();
        threads.set(pid, { call });
      }
    },
    resume(pid, name) {
      if (threads.get(pid)?.call?.name === name) return take(pid);
      const other = pid === 0 ? onlyOne(name) : threads.get(0)?.call?.name === name ? 0 : undefined;
      return other === undefined ? undefined : take(other);
    },
    take,
    forget(pid) {
      threads.delete(pid);
    },
    pids: () => [...threads].filter(([, { call }]) => call !== undefined).map(([pid]) => pid),
  };
}
