/** What keeps a clause from being decided: recorders that did not run, lost something, or missed a fence. */
import type { Timeline } from '../correlate/timeline.ts';
import { asksForStack, type Clause, type Pattern } from '../lessons/expectation.ts';
import { holdsPath } from '../parse/kernel-functions.ts';
import { unnamed } from '../parse/user-stack.ts';
import { fit } from './match.ts';

/** @returns one sentence for each gap; none where everything that could be seen was seen */
export function gapsFor(
  clause: Clause,
  timeline: Timeline,
  elsewhere: (variant: string) => boolean,
): string[] {
  const patterns = patternsOf(clause);
  const missing =
    'sameIn' in clause && !elsewhere(clause.sameIn) ? [`${clause.sameIn} was not recorded`] : [];
  const gaps = patterns.flatMap((pattern) => {
    switch (pattern.kind) {
      case 'packet':
        return packetGaps(timeline, pattern);
      case 'call':
        return [
          ...hostsOf(pattern, timeline).flatMap((host) => fileGaps(timeline, `${host}.strace`)),
          ...(asksForStack(pattern) ? stackGaps(timeline, pattern) : []),
        ];
      case 'signal':
      case 'exit':
        return hostsOf(pattern, timeline).flatMap((host) => fileGaps(timeline, `${host}.strace`));
      case 'output':
        return hostsOf(pattern, timeline).flatMap((host) => fileGaps(timeline, `${host}.out`));
      case 'socket':
      case 'counter':
        return hostsOf(pattern, timeline).flatMap((host) => fileGaps(timeline, `${host}.state`));
      case 'kernel':
        return kernelGaps(timeline, pattern);
      default:
        return unreachable(pattern.kind);
    }
  });
  return [...new Set([...missing, ...lossesOf(timeline, 'story'), ...gaps])];
}

function patternsOf(clause: Clause): Pattern[] {
  if ('see' in clause) return [clause.see];
  if ('inOrder' in clause) return [...clause.inOrder];
  if ('never' in clause) return [clause.never];
  if ('count' in clause) return [clause.count];
  if ('each' in clause) return [clause.each, clause.has];
  if ('sameIn' in clause) return [clause.given, clause.list];
  if ('list' in clause) return [clause.list];
  if ('distinct' in clause) return [clause.distinct];
  if ('sameBytes' in clause) return [...clause.sameBytes];
  if ('earlier' in clause) return [clause.earlier, clause.later];
  return [clause.after, clause.before, ...patternsOf(clause.holds)];
}

function hostsOf({ fields: { host } }: Pattern, timeline: Timeline): string[] {
  return typeof host === 'string' ? [host] : timeline.scene.hosts.map(({ name }) => name);
}

/** A pattern about the log's lines needs the rules of that host; any other every capture. */
function packetGaps(timeline: Timeline, { fields: { logged } }: Pattern): string[] {
  const watches = timeline.watches.filter(({ at, host }) =>
    typeof logged === 'string' ? at === 'rules' && logged.startsWith(`${host} `) : true,
  );
  if (!watches.some(({ at }) => at === (logged === undefined ? 'wire' : 'rules')))
    return ['no recorder stood there'];
  return watches.flatMap((watch) => [
    ...(watch.fenced ? [] : [`${watch.source} (${watch.host}) did not see both fences`]),
    ...lossesOf(timeline, watch.source),
  ]);
}

function fileGaps(timeline: Timeline, source: string): string[] {
  if (!(source in timeline.scene.files)) return [`there is no ${source}`];
  const last = timeline.events.some((event) => event.kind === 'exit' && event.source === source);
  const cut = source.endsWith('.strace') && !last ? [`${source} ends before its program does`] : [];
  return [...cut, ...lossesOf(timeline, source)];
}

function kernelGaps(timeline: Timeline, { fields }: Pattern): string[] {
  const { kernel, scene } = timeline;
  if (kernel?.tier === 'none' || !('kernel.trace' in scene.files))
    return [`there is no kernel.trace${kernel?.why === undefined ? '' : ` (${kernel.why})`}`];
  if (fields['name'] === 'function' && kernel?.tier === 'stacks')
    return [`no function calls were recorded${kernel.why === undefined ? '' : `: ${kernel.why}`}`];
  return lossesOf(timeline, 'kernel.trace');
}

/** A stack with the function asked for may be one that has a frame without a name. */
function stackGaps(
  { stacks, events }: Timeline,
  { kind, fields: { userStack, ...others } }: Pattern,
): string[] {
  if (!stacks?.recorded)
    return [`no stacks of the programs were recorded${stacks?.why === undefined ? '' : `: ${stacks.why}`}`];
  if (typeof userStack !== 'object' || userStack === null || !('path' in userStack)) return [];
  const [first, ...more] = events.filter(
    (event) =>
      event.kind === 'call' &&
      mayPass(event.userStack ?? [], userStack.path) &&
      fit(event, { kind, fields: others }, new Map()) !== undefined,
  );
  if (first === undefined) return [];
  const names = `${first.host}.names`;
  const also = more.length === 0 ? '' : ` (and those of ${more.length} more)`;
  return [
    `the stack of ${first.source}:${first.line}${also} has frames without a name, and ${names} has none for them`,
  ];
}

/** Whether the stack could pass the functions of the path if its frames without a name were some of them. */
function mayPass(stack: readonly string[], path: readonly string[]): boolean {
  let from = 0;
  for (const step of path) {
    const at = stack.findIndex(
      (name, index) => index >= from && (name === unnamed || holdsPath([name], [step])),
    );
    if (at === -1) return false;
    from = at + 1;
  }
  return stack.includes(unnamed);
}

function lossesOf({ losses, problems }: Timeline, source: string): string[] {
  const lost = losses.filter((loss) => loss.source === source);
  const unread = problems.filter((problem) => problem.source === source);
  return [
    ...lost.map(({ count, why }) => `${source}: ${count === undefined ? '' : `${count} `}${why}`),
    ...(unread.length > 0
      ? [`${source}: ${unread.length} lines could not be read (${unread[0]?.what ?? ''})`]
      : []),
  ];
}

function unreachable(kind: never): never {
  throw new Error(`no recorder for ${String(kind)}`);
}
