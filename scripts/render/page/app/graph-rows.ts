/** The rows of a function graph that are in view, as parts of it are opened and closed. */
import { everyCall, type GraphCall } from '../../../parse/kernel-graph.ts';

export interface GraphRow {
  readonly call: GraphCall;
  readonly depth: number;
  readonly open: boolean;
  /** How many calls are hidden under it. */
  readonly hidden: number;
}

/**
 * A softirq, in which the kernel may work for another socket, is closed at first, all else open.
 *
 * @param turned lines of the calls that are the other way round
 * @param line one that must be in view
 */
export function graphRows(
  roots: readonly GraphCall[],
  turned: ReadonlySet<number>,
  line: number | undefined,
): GraphRow[] {
  const rows: GraphRow[] = [];
  const add = (call: GraphCall, depth: number, within: boolean) => {
    const atFirst = within || !call.beyond;
    const holds = line !== undefined && line !== call.line && inside(call, line);
    const open = holds || atFirst !== turned.has(call.line);
    const hidden = open ? 0 : [...everyCall(call.calls)].length;
    rows.push({ call, depth, open, hidden });
    if (open) for (const one of call.calls) add(one, depth + 1, call.beyond);
  };
  for (const root of roots) add(root, 0, false);
  return rows;
}

const inside = (call: GraphCall, line: number): boolean =>
  [...everyCall(call.calls)].some((one) => one.line === line);
