/** What the kernel's tracer saw: the event, in whose time it happened, and each function on the stack. */
import type { KernelEvent } from '../model/event.ts';
import { lookUp, type Explanation } from './explanation.ts';
import { explainFunction } from './functions.ts';
import type { Story } from './story.ts';
import { tracepoints } from './tracepoints.ts';

/** `words` are what the event names, then the functions on the stack from the system call inwards. */
export function explainKernel(event: KernelEvent, story: Story): Explanation {
  const tell = lookUp(tracepoints, event.name);
  const {
    text,
    source,
    words = [],
  } = tell === undefined
    ? { text: `passes the tracepoint ${event.name}`, source: 'Documentation/trace/events.rst' }
    : tell(event, story);
  const functions = [...new Set([...event.stack, ...event.beyond])].flatMap(
    (name) => explainFunction(name) ?? [],
  );
  return { text: text + timeOf(event, story), source, words: [...words, ...functions] };
}

/** A softirq borrows whatever thread runs: it works for packets that have come, not for that thread. */
function timeOf({ call, threadHost, beyond }: KernelEvent, story: Story): string {
  const found = story.find(call);
  const under = found?.kind === 'call' ? `${found.name} (${found.host}, line ${found.line})` : undefined;
  if (beyond.length === 0) return under === undefined ? '' : ` – under ${under}`;
  const work = beyond.some((name) => timers.has(name)) ? 'a timer' : 'the receive side';
  if (under !== undefined) return ` – by ${work}, in the time of ${under}`;
  return ` – by ${work}${threadHost === undefined ? '' : `, in the time of a thread of the ${threadHost}`}`;
}

const timers: ReadonlySet<string> = new Set(['call_timer_fn', 'run_timer_softirq', '__run_timers']);
