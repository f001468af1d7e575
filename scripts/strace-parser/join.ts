/**
 * Second stage: tokens in the order of their lines become events. Halves of an interrupted call are joined by pid,
 * frames and dumps go to the call they follow. What it remembers grows with live threads, not with the log.
 */
import { parseArguments } from './arguments.ts';
import { LoggedCall } from './call.ts';
import type { Call, Signal, StackFrame, StraceEvent } from './event.ts';
import type { Token } from './line.ts';
import type { Place } from './place.ts';

/** A call or a signal whose stack or dump may stand on the next lines. */
type Held = (Call | Signal) & { stack?: StackFrame[]; dump?: string[] };

interface Begun {
  readonly place: Place;
  readonly name: string;
  readonly head: string;
}

export interface Joiner {
  /** Adds to `out` the events that this token completes; the last call is held back for its stack. */
  take(token: Token, place: Place, out: StraceEvent[]): void;
  /** The log is over: what never returned is `unfinished`. */
  end(out: StraceEvent[]): void;
}

export function createJoiner(): Joiner {
  /** Calls that have begun, by pid; 0 stands for lines without one. */
  const begun = new Map<number, Begun>();
  let held: Held | undefined;
  /** The exit behind a held exit_group: with -k the stack of that call is printed behind both. */
  let heldExit: StraceEvent | undefined;

  function release(out: StraceEvent[]): void {
    if (held !== undefined) out.push(held);
    if (heldExit !== undefined) out.push(heldExit);
    held = undefined;
    heldExit = undefined;
  }

  function abandon(pid: number, state: 'unfinished' | 'detached', out: StraceEvent[]): void {
    const call = begun.get(pid);
    if (call === undefined) return;
    begun.delete(pid);
    out.push(finish(call, state));
  }

  /** The first half that `name` resumes. On stderr the pid appears with the second process and leaves with it. */
  function takeBegun(pid: number, name: string): Begun | undefined {
    const own = begun.get(pid);
    const key =
      own?.name === name ? pid : pid === 0 ? onlyOne(name) : begun.get(0)?.name === name ? 0 : undefined;
    if (key === undefined) return undefined;
    const call = begun.get(key);
    begun.delete(key);
    return call;
  }

  function onlyOne(name: string): number | undefined {
    const candidates = [...begun].filter(([, call]) => call.name === name);
    return candidates.length === 1 ? candidates[0]?.[0] : undefined;
  }

  return {
    take(token, place, out) {
      const pid = place.pid ?? 0;
      if (token.kind === 'frame') {
        if (held === undefined) out.push(problem(token.text, 'a stack frame with no call before it', place));
        else (held.stack ??= []).push({ ...token.frame, line: place.line });
        return;
      }
      if (token.kind === 'dump') {
        if (held === undefined) out.push(problem(token.text, 'a dump with no call before it', place));
        else (held.dump ??= []).push(token.text);
        return;
      }
      if (
        token.kind === 'exit' &&
        held?.kind === 'call' &&
        held.pid === place.pid &&
        heldExit === undefined
      ) {
        heldExit = { ...place, kind: 'exit', status: token.status };
        return;
      }
      release(out);
      switch (token.kind) {
        case 'call':
          if (token.ending === 'unfinished') {
            abandon(pid, 'unfinished', out);
            begun.set(pid, { place, name: token.name, head: token.head });
          } else held = finish({ place, name: token.name, head: token.head }, token.ending, token);
          return;
        case 'resumed': {
          const first = takeBegun(pid, token.name);
          if (first === undefined) {
            held = finish({ place, name: token.name, head: token.head }, 'resumed-only', token);
          } else if (token.ending === 'unfinished') {
            begun.set(pid, { ...first, head: first.head + token.head });
          } else {
            held = finish({ ...first, head: first.head + token.head }, token.ending, token, place);
          }
          return;
        }
        case 'signal': {
          const info = token.info === undefined ? undefined : parseArguments(token.info)[0];
          held = { ...place, kind: 'signal', name: token.name, ...(info === undefined ? {} : { info }) };
          return;
        }
        case 'stopped':
          out.push({ ...place, kind: 'stopped', name: token.name });
          return;
        case 'exit':
          abandon(pid, 'unfinished', out);
          out.push({ ...place, kind: 'exit', status: token.status });
          return;
        case 'killed':
          abandon(pid, 'unfinished', out);
          out.push({ ...place, kind: 'killed', signal: token.signal, coreDumped: token.coreDumped });
          return;
        case 'superseded': {
          // The leader's call dies with it; the thread that called execve goes on under the leader's pid.
          abandon(pid, 'unfinished', out);
          const execve = begun.get(token.byPid);
          if (execve !== undefined) {
            begun.delete(token.byPid);
            begun.set(pid, execve);
          }
          out.push({ ...place, kind: 'superseded', byPid: token.byPid });
          return;
        }
        case 'diagnostic':
          out.push({ ...place, kind: 'diagnostic', about: token.about, text: token.text, ...rowsOf(token) });
          return;
        case 'unknown':
          out.push(problem(token.text, token.why, place));
          return;
        default:
          unreachable(token);
          return;
      }
    },
    end(out) {
      release(out);
      for (const pid of begun.keys()) abandon(pid, 'unfinished', out);
    },
  };
}

function rowsOf(token: Extract<Token, { kind: 'diagnostic' }>): Pick<typeof token, 'rows'> {
  return token.rows === undefined ? {} : { rows: token.rows };
}

function problem(text: string, why: string, place: Place): StraceEvent {
  return { ...place, kind: 'problem', text, why };
}

function unreachable(token: never): void {
  void token;
}

interface Ending {
  readonly returned?: string;
  readonly durationNs?: number | undefined;
}

function finish(
  { place, name, head }: Begun,
  ending: 'returned' | 'unfinished' | 'detached' | 'cut' | 'resumed-only',
  { returned, durationNs }: Ending = {},
  second?: Place,
): LoggedCall {
  const state = ending === 'returned' ? 'complete' : ending === 'cut' ? 'unfinished' : ending;
  return new LoggedCall(place, { name, argsText: head, state, returnedText: returned, durationNs, second });
}
