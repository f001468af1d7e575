/**
 * Second stage: tokens in the order of their lines become events. Halves of an interrupted call are joined by pid,
 * frames and dumps go to the call they follow. What it remembers grows with live threads, not with the log.
 */
import { parseArguments } from './arguments.ts';
import { createBegunCalls, type Begun } from './begun.ts';
import { callOf } from './call.ts';
import type { Call, Place, Signal, StackFrame, Stopped, StraceEvent } from './event.ts';
import { createWanted, type Filter } from './filter.ts';
import { copyOf } from './latin1.ts';
import { readLine, type Half, type Token } from './line.ts';
import type { Sink } from './queue.ts';

/** A call, a signal or a stop whose stack or dump may stand on the next lines. */
type Held = (Call | Signal | Stopped) & { stack?: StackFrame[]; dump?: string[] };

export interface Joiner {
  /** Adds to `out` the events that this token completes; the last call is held back for its stack. */
  take(token: Token, place: Place, out: Sink): void;
  /** A whole call, on one line; undefined if it is not wanted. */
  takeCall(call: Held | undefined, out: Sink): void;
  /**
   * True if `text` is the rest of the call that the last line interrupted. `strace -z` of version 6 prints it so, without
   * a prefix and without saying that it resumes.
   */
  takeRest(text: string, place: Place, out: Sink): boolean;
  /** True for a thread of the last line, and for those that wait within a call. */
  readonly isKnown: (pid: number) => boolean;
  /** The log is over: what never returned is `unfinished`. */
  end(out: Sink): void;
}

export function createJoiner(filter?: Filter): Joiner {
  const wanted = createWanted(filter);
  const begun = createBegunCalls();
  let held: Held | undefined;
  /** The exit behind a held exit_group: with -k the stack of that call is printed behind both. */
  let heldExit: StraceEvent | undefined;
  /** A frame or dump may follow what was held last, also if it was not wanted. */
  let mayGrow = false;
  /** The thread whose call the last line interrupted. */
  let lastBegun: number | undefined;
  let lastPid: number | undefined;

  function release(out: Sink): void {
    if (held !== undefined) out.push(held);
    if (heldExit !== undefined) out.push(heldExit);
    held = undefined;
    heldExit = undefined;
    mayGrow = false;
    lastBegun = undefined;
  }

  function emit(event: StraceEvent, out: Sink): void {
    if (event.kind === 'problem' || (wanted.others && wanted.pid(event.pid))) out.push(event);
  }

  function finish(
    call: Begun,
    half: Half | undefined,
    state: Call['state'],
    second?: Place,
  ): Held | undefined {
    const { place, name, head } = call;
    if (!wanted.name(name) || !wanted.errno(half?.returned)) return undefined;
    if (!wanted.pid(place.pid) && !wanted.pid(second?.pid)) return undefined;
    return callOf(place, name, state, head, half?.returned, half?.durationNs, second);
  }

  function abandon(pid: number, out: Sink): void {
    const call = begun.take(pid);
    const event = call && finish(call, undefined, 'unfinished');
    if (event !== undefined) out.push(event);
  }

  function takeHalf(token: Half & { kind: 'call' | 'resumed' }, place: Place, out: Sink): void {
    const pid = place.pid ?? 0;
    const first = token.kind === 'resumed' ? begun.resume(pid, token.name) : undefined;
    const call: Begun =
      first === undefined
        ? { place, name: token.name, head: token.head }
        : { ...first, head: first.head + token.head };
    if (token.ending === 'unfinished') {
      abandon(pid, out);
      // The thread may sleep for hours: it must not keep the lines around its call.
      begun.set(pid, { ...call, head: copyOf(call.head) });
      lastBegun = pid;
      return;
    }
    const state =
      token.ending === 'returned' ? 'complete' : token.ending === 'cut' ? 'unfinished' : token.ending;
    const orphan = token.kind === 'resumed' && first === undefined;
    held = finish(call, token, orphan ? 'resumed-only' : state, first === undefined ? undefined : place);
    mayGrow = true;
  }

  function grow(token: Token & { kind: 'frame' | 'dump' }, place: Place, out: Sink): void {
    if (!mayGrow) {
      const why =
        token.kind === 'frame' ? 'a stack frame with no call before it' : 'a dump with no call before it';
      out.push({ ...place, kind: 'problem', text: token.text, why });
    } else if (held === undefined) return;
    else if (token.kind === 'frame') (held.stack ??= []).push({ ...token.frame, line: place.line });
    else (held.dump ??= []).push(token.text);
  }

  return {
    take(token, place, out) {
      if (token.kind === 'frame' || token.kind === 'dump') return grow(token, place, out);
      if (
        token.kind === 'exit' &&
        held?.kind === 'call' &&
        held.pid === place.pid &&
        heldExit === undefined
      ) {
        if (wanted.others) heldExit = { ...place, kind: 'exit', status: token.status };
        return;
      }
      release(out);
      if (place.pid !== undefined) lastPid = place.pid;
      const pid = place.pid ?? 0;
      switch (token.kind) {
        case 'call':
        case 'resumed':
          return takeHalf(token, place, out);
        case 'signal': {
          const info = token.info === undefined ? undefined : parseArguments(token.info)[0];
          mayGrow = true;
          if (wanted.others && wanted.pid(place.pid)) {
            held = { ...place, kind: 'signal', name: token.name, ...(info === undefined ? {} : { info }) };
          }
          return;
        }
        case 'stopped':
          mayGrow = true;
          if (wanted.others && wanted.pid(place.pid)) held = { ...place, kind: 'stopped', name: token.name };
          return;
        case 'exit':
          abandon(pid, out);
          begun.forget(pid);
          mayGrow = true;
          return emit({ ...place, kind: 'exit', status: token.status }, out);
        case 'killed':
          abandon(pid, out);
          begun.forget(pid);
          return emit({ ...place, kind: 'killed', signal: token.signal, coreDumped: token.coreDumped }, out);
        case 'superseded': {
          // The leader's call dies with it; the thread that called execve goes on under the leader's pid.
          abandon(pid, out);
          const execve = begun.take(token.byPid);
          begun.forget(token.byPid);
          if (execve !== undefined) begun.set(pid, execve);
          return emit({ ...place, kind: 'superseded', byPid: token.byPid }, out);
        }
        case 'diagnostic': {
          const { about, text, rows } = token;
          return emit(
            { ...place, kind: 'diagnostic', about, text, ...(rows === undefined ? {} : { rows }) },
            out,
          );
        }
        case 'unknown':
          return emit({ ...place, kind: 'problem', text: token.text, why: token.why }, out);
        default:
          return unreachable(token);
      }
    },
    takeCall(call, out) {
      release(out);
      held = call;
      if (call?.pid !== undefined) lastPid = call.pid;
      mayGrow = true;
    },
    takeRest(text, place, out) {
      const pid = lastBegun;
      const call = pid === undefined ? undefined : begun.take(pid);
      if (pid === undefined || call === undefined) return false;
      const whole = readLine(`${call.name}(${call.head}${text}`, 0);
      if (whole.kind !== 'call' || whole.ending !== 'returned') {
        begun.set(pid, call);
        return false;
      }
      release(out);
      held = finish({ ...call, head: whole.head }, whole, 'complete', pid === 0 ? place : { ...place, pid });
      mayGrow = true;
      return true;
    },
    isKnown: (pid) => pid === lastPid || begun.pids().includes(pid),
    end(out) {
      release(out);
      for (const pid of begun.pids()) abandon(pid, out);
    },
  };
}

function unreachable(token: never): void {
  void token;
}
