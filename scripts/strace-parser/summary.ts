/** Counts over a whole log, to be held against strace's own table of `-C`. */
import type { Call, StraceEvent } from './event.ts';

export interface Summary {
  lines: number;
  /** By name, every line that starts a call. */
  calls: Record<string, number>;
  /** By name, calls whose value is known. */
  returned: Record<string, number>;
  /** By errno, calls that returned -1. */
  failed: Record<string, number>;
  /** By `ERESTART…`, calls that the kernel starts again: strace counts them as calls and as errors. */
  restarts: Record<string, number>;
  /** `= ?` without a restart. */
  unknownReturn: number;
  /** Lines that end in `<unfinished ...>`. */
  unfinished: number;
  /** Lines that begin with `<... name resumed>`. */
  resumed: number;
  unfinishedNeverResumed: number;
  detached: number;
  signals: Record<string, number>;
  stopped: Record<string, number>;
  exits: Record<string, number>;
  killed: Record<string, number>;
  superseded: number;
  stackLines: number;
  dumpLines: number;
  diagnostics: number;
  personality: number;
  injected: number;
  delayed: number;
  /** Lines that were not understood. */
  unread: number;
}

export interface Summarizer {
  add(event: StraceEvent): void;
  /** `lines` is the reader's count. */
  result(lines: number): Summary;
}

export function createSummary(): Summarizer {
  const summary: Summary = {
    lines: 0,
    calls: {},
    returned: {},
    failed: {},
    restarts: {},
    unknownReturn: 0,
    unfinished: 0,
    resumed: 0,
    unfinishedNeverResumed: 0,
    detached: 0,
    signals: {},
    stopped: {},
    exits: {},
    killed: {},
    superseded: 0,
    stackLines: 0,
    dumpLines: 0,
    diagnostics: 0,
    personality: 0,
    injected: 0,
    delayed: 0,
    unread: 0,
  };
  return {
    add(event) {
      switch (event.kind) {
        case 'call':
          addCall(summary, event);
          break;
        case 'signal':
          count(summary.signals, event.name);
          summary.stackLines += event.stack?.length ?? 0;
          break;
        case 'stopped':
          count(summary.stopped, event.name);
          summary.stackLines += event.stack?.length ?? 0;
          break;
        case 'exit':
          count(summary.exits, String(event.status));
          break;
        case 'killed':
          count(summary.killed, event.signal);
          break;
        case 'superseded':
          summary.superseded++;
          break;
        case 'diagnostic':
          if (event.about === 'strace' || event.about === 'tip') summary.diagnostics++;
          if (event.about === 'personality') summary.personality++;
          break;
        case 'problem':
          summary.unread++;
          break;
        default:
          unreachable(event);
      }
    },
    result(lines) {
      return { ...summary, lines };
    },
  };
}

function addCall(summary: Summary, call: Call): void {
  const { returned } = call;
  if (call.state === 'resumed-only') summary.resumed++;
  else count(summary.calls, call.name);
  if (call.resumedLine !== undefined) {
    summary.resumed++;
    summary.unfinished++;
  }
  if (call.state === 'unfinished') {
    summary.unfinished++;
    summary.unfinishedNeverResumed++;
  }
  if (call.state === 'detached') summary.detached++;
  summary.stackLines += call.stack?.length ?? 0;
  summary.dumpLines += call.dump?.length ?? 0;
  if (returned === undefined) return;
  if (returned.injected) summary.injected++;
  if (returned.delayed) summary.delayed++;
  if (returned.value !== undefined) count(summary.returned, call.name);
  else if (returned.errno === undefined) summary.unknownReturn++;
  else count(summary.restarts, returned.errno);
  if (returned.value === -1 && returned.errno !== undefined) count(summary.failed, returned.errno);
}

function count(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}

function unreachable(event: never): void {
  void event;
}
