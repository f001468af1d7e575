/**
 * Tracks of a trace, and what lies on them. A track is a pair of pid and tid: hosts are processes with their real threads; what
 * belongs to no thread has a track with a number that no thread has. Slices of one track never overlap in part.
 */
export interface Track {
  /** The process: a host, or the wire. */
  readonly process: string;
  readonly thread: string;
  /** The kernel's number of a thread; absent for the tracks beside them. */
  readonly tid?: number;
}

export interface Slice {
  readonly track: Track;
  readonly fromNs: number;
  readonly untilNs: number;
  readonly name: string;
  readonly category: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** One element of `traceEvents`. */
export type TraceEvent = Readonly<Record<string, unknown>>;

/** Above any pid of Linux (PID_MAX_LIMIT, include/linux/threads.h: 4 Mi). */
const firstOwnTid = 10_000_000;

/** Numbers tracks when they are first asked for, and names them in the end. */
export interface Tracks {
  place(track: Track): { readonly pid: number; readonly tid: number };
  names(): TraceEvent[];
}

/** @param processes in the order in which they are to be shown */
export function createTracks(processes: readonly (readonly [process: string, title: string])[]): Tracks {
  const pids = new Map(processes.map(([process], index) => [process, index + 1]));
  const tids = new Map<string, { pid: number; tid: number; thread: string; order: number }>();
  return {
    place({ process, thread, tid }) {
      const key = `${process}\n${tid ?? thread}`;
      const known = tids.get(key);
      if (known !== undefined) return known;
      const own = firstOwnTid + tids.size;
      const placed = {
        pid: pids.get(process) ?? 0,
        tid: tid ?? own,
        thread,
        order: tid === undefined ? 1 : 0,
      };
      tids.set(key, placed);
      return placed;
    },
    names: () => [
      ...processes.flatMap(([process, title]) => {
        const pid = pids.get(process);
        return [
          { ph: 'M', name: 'process_name', pid, tid: 0, args: { name: title } },
          { ph: 'M', name: 'process_sort_index', pid, tid: 0, args: { sort_index: pid } },
        ];
      }),
      ...[...tids.values()].flatMap(({ pid, tid, thread, order }) => [
        { ph: 'M', name: 'thread_name', pid, tid, args: { name: thread } },
        { ph: 'M', name: 'thread_sort_index', pid, tid, args: { sort_index: order * firstOwnTid + tid } },
      ]),
    ],
  };
}

/** Slices that overlap get tracks of their own, `client → server`, `client → server (2)`: the first that is free. */
export function inLanes(slices: readonly Slice[]): Slice[] {
  const ends = new Map<string, number[]>();
  return slices
    .toSorted((one, other) => one.fromNs - other.fromNs)
    .map((slice) => {
      const { process, thread } = slice.track;
      const lanes = ends.get(`${process}\n${thread}`) ?? [];
      ends.set(`${process}\n${thread}`, lanes);
      const free = lanes.findIndex((end) => end <= slice.fromNs);
      const lane = free === -1 ? lanes.length : free;
      lanes[lane] = slice.untilNs;
      return lane === 0 ? slice : { ...slice, track: { process, thread: `${thread} (${lane + 1})` } };
    });
}

/** Microseconds, as the format counts, with nanoseconds behind the point. */
export const us = (ns: number): number => Number((ns / 1000).toFixed(3));

export const complete = (slice: Slice, tracks: Tracks): TraceEvent => {
  const { pid, tid } = tracks.place(slice.track);
  const { name, category: cat, fromNs, untilNs, args } = slice;
  return { ph: 'X', pid, tid, ts: us(fromNs), dur: us(untilNs - fromNs), name, cat, args };
};

export const instant = (slice: Omit<Slice, 'untilNs'>, tracks: Tracks): TraceEvent => {
  const { pid, tid } = tracks.place(slice.track);
  const { name, category: cat, fromNs, args } = slice;
  return { ph: 'i', s: 't', pid, tid, ts: us(fromNs), name, cat, args };
};
