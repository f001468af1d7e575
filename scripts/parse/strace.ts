/** A strace log → calls, signals and exits on the timeline. What each call is about: call-arguments.ts. */
import { parseStrace, type Call, type StraceEvent, type Target } from 'strace-parser';
import type { CallEvent, ExitEvent, SignalEvent } from '../model/event.ts';
import type { Problem } from '../model/problem.ts';
import type { z } from 'zod';
import { readArguments } from './call-arguments.ts';
import { readUserStack, type Names } from './user-stack.ts';

/** A call and what `-yy` says of its descriptor and of the one it made: the sockets are found from these. */
export interface TracedCall {
  readonly call: CallEvent;
  /** As the log has it, with its argument tree. */
  readonly logged: Call;
  readonly label: Target | undefined;
  readonly made: Target | undefined;
}

export interface StraceRecording {
  readonly calls: TracedCall[];
  readonly others: (z.infer<typeof SignalEvent> | z.infer<typeof ExitEvent>)[];
  readonly problems: Problem[];
}

/**
 * @param startedNs the run's start, epoch nanoseconds
 * @param names of functions that the program made while it ran, for stacks
 */
export function readStrace(
  bytes: Uint8Array,
  source: string,
  host: string,
  startedNs: bigint,
  names: Names = [],
): StraceRecording {
  const events = parseStrace(bytes).toSorted((one, other) => one.line - other.line);
  const until = nextStamps(events);
  const recording: StraceRecording = { calls: [], others: [], problems: [] };
  const at = (epochNs: bigint | undefined) => Number((epochNs ?? startedNs) - startedNs);
  for (const event of events) {
    const { line, pid = 0 } = event;
    const common = { id: `${source}:${line}`, atNs: at(event.startNs), host, source, line, pid };
    switch (event.kind) {
      case 'call': {
        const end = until.get(event);
        recording.calls.push({
          call: {
            kind: 'call',
            ...common,
            name: event.name,
            ...returnOf(event),
            ...(end !== undefined && { untilNs: at(end) }),
            ...readArguments(event),
            ...(event.stack && { userStack: readUserStack(event.stack, names) }),
          },
          logged: event,
          label: labelOf(event),
          made: event.returned?.target,
        });
        break;
      }
      case 'signal':
        recording.others.push({ kind: 'signal', ...common, name: event.name });
        break;
      case 'exit':
        recording.others.push({ kind: 'exit', ...common, status: event.status });
        break;
      case 'killed':
        recording.others.push({ kind: 'exit', ...common, signal: event.signal });
        break;
      case 'problem':
        recording.problems.push({ source, line, what: `${event.why}: ${event.text.slice(0, 80)}` });
        break;
      case 'diagnostic': // strace's own words
      case 'stopped':
      case 'superseded':
        break;
      default:
        unreachable(event);
    }
  }
  return recording;
}

function returnOf(call: Call): Pick<CallEvent, 'returned' | 'errno' | 'durationNs'> {
  const { returned, durationNs } = call;
  return {
    ...(returned?.value !== undefined && { returned: Number(returned.value) }),
    ...(returned?.errno !== undefined && { errno: returned.errno }),
    ...(durationNs !== undefined && { durationNs }),
  };
}

const labelOf = (call: Call): Target | undefined => {
  const [first] = call.args;
  return first?.type === 'descriptor' ? first.target : undefined;
};

/**
 * When each call was over at the latest: the stamp of its thread's next line. With -yy the stamp of a line is taken
 * before strace looks the sockets up and -T begins after, so that stamp plus -T comes out hundreds of
 * microseconds too early.
 */
function nextStamps(events: readonly StraceEvent[]): Map<StraceEvent, bigint> {
  const until = new Map<StraceEvent, bigint>();
  const open = new Map<number, StraceEvent>();
  for (const event of events) {
    if (event.pid === undefined || event.startNs === undefined) continue;
    const before = open.get(event.pid);
    if (before !== undefined) until.set(before, event.startNs);
    open.set(event.pid, event);
  }
  for (const event of open.values()) {
    if (event.kind === 'call' && event.resumedNs !== undefined) until.set(event, event.resumedNs);
  }
  return until;
}

function unreachable(event: never): never {
  throw new Error(`no event for ${JSON.stringify(event)}`);
}
