/**
 * `kernel.graph` → the functions under a system call, nested (Documentation/trace/ftrace.rst, "function graph tracer").
 *
 *      1)               |  __x64_sys_connect() {
 *      1)   3.988 us    |      __fget_light();
 *      1) + 15.144 us   |    }
 *
 * Where it was asked for, a line begins with its time and names the task: ` 24.455 |   1)  python3-204   | …`.
 */
import type { Problem } from '../model/problem.ts';
import { instruments, isSoftirq, plainName } from './kernel-functions.ts';

export interface GraphCall {
  /** 1-based line where it begins. */
  readonly line: number;
  readonly name: string;
  durationNs?: number;
  /** The machine's number of the thread, where the recording has it. */
  readonly pid?: number;
  /** Inside a softirq: the kernel's receive side, which may work for another socket. */
  readonly beyond: boolean;
  readonly calls: GraphCall[];
}

const row =
  /^\s*(?:[\d.]+\s+\|\s*)?(\d+)\)(?:\s+.*?-(\d+)\s+\|)?\s*(?:[+!#*@$]\s)?\s*([\d.]+ us)?\s*\|( *)(.*)$/;

export function readGraph(text: string, source: string): { roots: GraphCall[]; problems: Problem[] } {
  const roots: GraphCall[] = [];
  const problems: Problem[] = [];
  const open = new Map<string, GraphCall[]>();
  for (const [index, whole] of text.split('\n').entries()) {
    // Comments, the tracer's notes (`1)  a-1  =>  b-2`, `=====> |`, rulers), and the end of the file.
    if (whole === '' || /^\s*#|^\s*-+$|=>|=====|<=====|CPU:\d+ \[LOST/.test(whole)) continue;
    const line = index + 1;
    const found = row.exec(whole);
    if (found === null) {
      problems.push({ source, line, what: `no line of a function graph: ${whole.slice(0, 60)}` });
      continue;
    }
    const [, cpu = '', task, duration, , rest = ''] = found;
    const thread = task ?? `cpu ${cpu}`;
    const stack = open.get(thread) ?? [];
    open.set(thread, stack);
    const parent = stack.at(-1);
    const timed = duration === undefined ? {} : { durationNs: Math.round(parseFloat(duration) * 1000) };
    // `veth_xmit [veth]() {`: a function of a module
    const leaf = /^(\S+?)(?: \[\w+\])?\(\);/.exec(rest)?.[1];
    const begun = /^(\S+?)(?: \[\w+\])?\(\) \{/.exec(rest)?.[1];
    if (leaf !== undefined || begun !== undefined) {
      const name = plainName(leaf ?? begun ?? '');
      const beyond = (parent?.beyond ?? false) || isSoftirq(name);
      const call = {
        line,
        name,
        ...timed,
        ...(task !== undefined && { pid: Number(task) }),
        beyond,
        calls: [],
      };
      if (!instruments.includes(name)) (parent?.calls ?? roots).push(call);
      if (begun !== undefined) stack.push(call);
    } else if (rest.startsWith('}')) {
      const ended = stack.pop();
      if (ended !== undefined) Object.assign(ended, timed);
    } else if (!rest.startsWith('/*')) {
      problems.push({ source, line, what: `no function: ${rest.slice(0, 60)}` });
    }
  }
  return { roots, problems };
}

/** Every call below, the root among them, in the order in which they began. */
export function* everyCall(roots: readonly GraphCall[]): Generator<GraphCall> {
  for (const root of roots) {
    yield root;
    yield* everyCall(root.calls);
  }
}
