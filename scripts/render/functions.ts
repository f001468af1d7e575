/**
 * The comparison that the article makes with funccount: how many of the kernel's functions a TCP dial runs, and how
 * many a UDP dial; which; and, where it was recorded, all that runs under each connect(2).
 */
import type { Timeline } from '../correlate/timeline.ts';
import type { JudgedVariant } from '../judge/run.ts';
import { clientGraphs, ownCalls, sayGraph } from './function-graph.ts';
import { beginning, countsOf, patterns, sayCounts, type Counts } from './function-counts.ts';
import { labelOf, wrapWords } from './ledger.ts';

const width = 99;

/** For the terminal: `TCP dial: 94 functions, 179 calls (tcp_*); UDP dial: 8 functions, 8 calls (udp_*)`. */
export function compareFunctions(variants: readonly JudgedVariant[]): string[] {
  return byRuntime(variants).flatMap((counted) => {
    const said = counted.map(({ lesson, variant, counts }) => {
      const begins = `${variant.split('-')[1] ?? ''}_`;
      return `${labelOf(variant)} ${lesson.id}: ${sayCounts(counts, begins)} (${begins}*)`;
    });
    const seen = counted.some(({ counts }) => !counts.counted);
    const how = seen ? 'as seen on stacks, a lower bound' : 'names and graphs: functions.txt';
    return wrapWords(`${said.join('; ')}; ${how}`, width);
  });
}

/** The file functions.txt: a table of counts, then for each variant the graph of its connect(2), and all names. */
export function renderFunctions(judged: readonly JudgedVariant[]): string {
  const told = byRuntime(judged);
  if (told.length === 0) return `${title}\n\nNothing of the kernel was recorded.\n`;
  const counted = told.some((one) => one.some(({ counts }) => counts.counted));
  return [
    title,
    '',
    ...(counted ? aboutCounts : aboutStacks),
    '',
    ...told.flatMap((columns) => [...table(columns), '']),
    ...told.flat().flatMap((one) => [...inFull(one), '']),
  ].join('\n');
}

const title = 'Which of the kernel’s functions a dial runs';

const aboutCounts = [
  'Under connect(2): all that the kernel ran, by its function graph, without what the lab’s own instruments do there; a',
  'softirq is cut off. Then the functions whose names begin so, by its function tracer, on the threads of the client’s',
  'program from its start to its end. Both hosts are on one machine: what a thread sends often arrives at once, in a',
  'softirq on that thread, so that a part of what is counted is the receive side of the kernel, and even the server’s.',
  'A timer’s work may fall on the thread as well.',
];

const aboutStacks = [
  'This kernel does not let its functions be counted. These stood on the stacks of events, on the threads of the client’s',
  'program: a lower bound. That a function is not among them says nothing.',
];

interface Counted extends JudgedVariant {
  readonly timeline: Timeline;
  readonly counts: Counts;
}

/** The variants of lessons that ask for it, those of one runtime together. */
function byRuntime(judged: readonly JudgedVariant[]): Counted[][] {
  const all = judged.flatMap((one) => {
    const timeline = one.timelines.get('main');
    const counts = one.lesson.functions && timeline && countsOf(timeline);
    return counts === undefined || timeline === undefined ? [] : [{ ...one, timeline, counts }];
  });
  const key = ({ lesson, variant }: Counted) => `${lesson.id} ${variant.split('-')[0] ?? ''}`;
  return [...Map.groupBy(all, key).values()];
}

function table(columns: readonly Counted[]): string[] {
  const row = (name: string, cells: readonly string[]) =>
    `${name.padEnd(18)} ${cells.map((cell) => cell.padEnd(44)).join(' ')}`.trimEnd();
  const graphs = columns.map(({ timeline }) => clientGraphs(timeline)[0]);
  return [
    row(
      columns[0]?.lesson.id ?? '',
      columns.map(({ variant }) => labelOf(variant)),
    ),
    ...(graphs.some((graph) => graph !== undefined)
      ? [
          row(
            'under connect(2)',
            graphs.map((graph) => (graph ? `${ownCalls(graph).length} calls` : '–')),
          ),
        ]
      : []),
    ...patterns.map((begins) =>
      row(
        `${begins}*`,
        columns.map(({ counts }) => sayCounts(counts, begins)),
      ),
    ),
  ];
}

function inFull({ lesson, variant, timeline, counts }: Counted): string[] {
  const label = `${lesson.id} ${labelOf(variant)}`;
  const lists = patterns.flatMap((begins) => {
    const names = beginning(counts, begins).map(([name, { all, softirq }]) => {
      const where = softirq === 0 ? '' : softirq === all ? ' (softirq)' : ` (${softirq} in a softirq)`;
      return counts.counted ? `${name}${all === 1 ? '' : ` ×${all}`}${where}` : name;
    });
    if (names.length === 0) return [];
    return [`  ${begins}*`, ...wrapWords(names.join(', '), width - 4).map((line) => `    ${line}`)];
  });
  return [
    ...clientGraphs(timeline).flatMap((graph) => [...sayGraph(graph, label), '']),
    `${label}: ${counts.counted ? 'functions called' : 'functions seen on stacks'}`,
    ...lists,
  ];
}
