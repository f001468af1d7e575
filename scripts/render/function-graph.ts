/** All that the kernel ran under a connect(2), nested, one function a line. */
import type { Graph, Timeline } from '../correlate/timeline.ts';
import { everyCall, type GraphCall } from '../parse/kernel-graph.ts';

/** Those of the client's program. */
export const clientGraphs = ({ graphs }: Timeline): Graph[] => graphs.filter(({ host }) => host === 'client');

/** What the call did by itself, the softirq cut off. */
export const ownCalls = ({ root }: Graph): GraphCall[] =>
  [...everyCall([root])].filter(({ beyond }) => !beyond);

/**
 * First without the softirq, which is told to be cut off where it was; then each softirq by itself.
 */
export function sayGraph(graph: Graph, label: string): string[] {
  const own = ownCalls(graph);
  // Others are a timer's.
  const softirqs = own.flatMap(({ calls }) => calls).filter(receives);
  const cut = softirqs.length === 0 ? 'no softirq' : 'the softirq cut off';
  return [
    `${label}, under connect(2): ${own.length} calls, ${cut}`,
    ...nested(graph.root, 1, false),
    ...softirqs.flatMap((softirq, n) => [
      '',
      `${label}: softirq ${n + 1}, cut off above: what was sent arrives, on the same thread`,
      ...nested(softirq, 1, true),
    ]),
  ];
}

/** Does it take packets in? */
const receives = (call: GraphCall): boolean =>
  call.beyond && [...everyCall([call])].some(({ name }) => name === 'net_rx_action');

function nested({ name, calls }: GraphCall, depth: number, within: boolean): string[] {
  const indent = '  '.repeat(depth);
  const below = calls.flatMap((call) =>
    call.beyond && !within
      ? [`${indent}  ${call.name} … ${[...everyCall([call])].length} calls in a softirq`]
      : nested(call, depth + 1, within),
  );
  return [`${indent}${name}`, ...below];
}
