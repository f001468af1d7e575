/** One line of a strace log in plain words. */
import type { Call } from 'strace-parser';
import { childCalls } from './calls-children.ts';
import { descriptorCalls, descriptorChoices } from './calls-descriptors.ts';
import { eventCalls, eventRows } from './calls-events.ts';
import { fileCalls } from './calls-files.ts';
import { limitCalls, operationChoices } from './calls-limits.ts';
import { memoryCalls, memoryChoices } from './calls-memory.ts';
import { optionCalls } from './calls-options.ts';
import { pathCalls } from './calls-paths.ts';
import { processCalls } from './calls-processes.ts';
import { signalCalls } from './calls-signals.ts';
import { socketCalls } from './calls-sockets.ts';
import { timeCalls, timeChoices } from './calls-time.ts';
import { transferCalls } from './calls-transfer.ts';
import { lookUp, type Explanation } from './explanation.ts';
import { tellRow, told, type Row, type Teller } from './outcome.ts';
import { printable } from './reading.ts';
import { unknownWords, wordsOf } from './words.ts';

/** @param call an event of strace-parser; its argument tree is read */
export function explainCall(call: Call): Explanation {
  const words = wordsOf(call);
  if (call.state === 'resumed-only') {
    return {
      text: printable(`comes back from ${call.name}, which began before this log`),
      source: page(call.name),
      words,
    };
  }
  const { text, source } = sentence(call);
  return { text: printable(text + aside(call)), source, words };
}

/** What the tables do not know of a line: the call's name, constants, errno. Empty where all is explained. */
export function unexplained(call: Call): string[] {
  return [...(callNames.has(call.name) ? [] : [call.name]), ...unknownWords(call)];
}

const tellers: Readonly<Record<string, readonly [Teller, string]>> = {
  ...socketCalls,
  ...transferCalls,
  ...optionCalls,
  ...eventCalls,
  ...childCalls,
  ...signalCalls,
  ...limitCalls,
  ...pathCalls,
};
const rows = {
  ...descriptorCalls,
  ...fileCalls,
  ...memoryCalls,
  ...processCalls,
  ...timeCalls,
  ...eventRows,
};
const choices: Readonly<Record<string, (call: Call) => Row>> = {
  ...descriptorChoices,
  ...memoryChoices,
  ...operationChoices,
  ...timeChoices,
};

/** Every call that the tables know. */
export const callNames: ReadonlySet<string> = new Set(
  [tellers, rows, choices].flatMap((table) => Object.keys(table)),
);

function sentence(call: Call): { text: string; source: string } {
  const teller = lookUp(tellers, call.name);
  if (teller !== undefined) {
    const [tell, source] = teller;
    return { text: told(call, ...tell(call)), source };
  }
  const row = lookUp(rows, call.name) ?? lookUp(choices, call.name)?.(call);
  if (row !== undefined) return { text: tellRow(call, row), source: row[2] ?? page(call.name) };
  return { text: tellRow(call, [`make the system call ${call.name}`, '{=}']), source: 'syscalls(2)' };
}

const page = (name: string): string => (callNames.has(name) ? `${name}(2)` : 'syscalls(2)');

/** A shorter call is not told how long it took. */
export const feltNs = 10_000_000;

/** What strace says beside arguments and result. A duration is told where somebody could feel it. */
function aside({ returned, durationNs = 0 }: Call): string {
  const made = returned?.injected === true ? '; strace was told to make this result up' : '';
  return durationNs >= feltNs ? `${made} (took ${Number((durationNs / 1e9).toPrecision(3))} s)` : made;
}
