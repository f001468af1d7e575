/** A run on a terminal, in at most 99 columns: a step table for each lesson, then the claim ledger. */
import type { Timeline } from '../correlate/timeline.ts';
import type { JudgedVariant } from '../judge/run.ts';
import type { Run } from '../model/run.ts';
import { labelOf, renderLedger } from './ledger.ts';
import type { Paint } from './paint.ts';
import { renderSteps, type Column } from './step-table.ts';

const width = 99;

export interface TextOptions {
  readonly paint: Paint;
  /** Also the programs' command lines. */
  readonly verbose: boolean;
  /** Where the run lies, as the user may type it. */
  readonly folder: string;
}

export function renderRun(run: Run, judged: readonly JudgedVariant[], options: TextOptions): string {
  const lessons = Map.groupBy(judged, ({ lesson }) => lesson);
  const parts = [...lessons].map(([lesson, variants]) => {
    const scenes = lesson.scenes.flatMap((scene) => {
      const columns = columnsOf(variants, scene.id);
      const [first] = columns;
      if (first === undefined) return [];
      const title =
        scene.id === 'main'
          ? `${lesson.id} · ${lesson.question}`
          : `${lesson.id} · ${scene.title ?? scene.id}`;
      return [heading(title, first.timeline, options.paint), ...renderSteps(columns, options.paint), ''];
    });
    return [...scenes, ...renderLedger(variants, options.paint), ''];
  });
  return `${[...parts.flat(), ...footer(run, judged, options)].join('\n')}\n`;
}

const columnsOf = (variants: readonly JudgedVariant[], scene: string): Column[] =>
  variants.flatMap(({ variant, timelines }) => {
    const timeline = timelines.get(scene);
    return timeline === undefined ? [] : [{ title: labelOf(variant), timeline }];
  });

function heading(title: string, { scene }: Timeline, paint: Paint): string {
  const [client, server] = scene.hosts;
  const way = `${client?.address ?? ''} → ${server?.address ?? ''}:9000`;
  return paint.bold(title.padEnd(width - way.length) + way);
}

function footer(
  run: Run,
  judged: readonly JudgedVariant[],
  { paint, verbose, folder }: TextOptions,
): string[] {
  const verdicts = judged.flatMap((variant) => variant.verdicts);
  const count = (verdict: string) => verdicts.filter((one) => one.verdict === verdict).length;
  const problems = judged.flatMap(({ timelines }) =>
    [...timelines.values()].flatMap(({ scene, problems: found, losses }) => [
      ...found.map(({ source, line, what }) => `${scene.folder}/${source}:${line} ${what}`),
      ...losses.map(({ source, why, count: n }) => `${scene.folder}/${source}: ${n ?? ''} ${why}`),
      ...scene.commands
        .filter(({ ended }) => ended !== 'exit 0')
        .map(({ host, ended }) => `${scene.folder}: the program on ${host} ended with ${ended}`),
    ]),
  );
  const { netfilter, kernelClock } = run;
  return [
    ...(verbose ? commands(run) : []),
    ...problems.map((problem) => paint.yellow(`! ${problem}`)),
    `${count('met')} met, ${count('unmet')} unmet, ${count('unobserved')} unobserved`,
    paint.dim(arrows(judged)),
    paint.dim(kernelLine(run.kernel)),
    paint.dim(
      netfilter.recorder === 'LOG'
        ? `kernel.log: iptables LOG, its clock known to ± ${Math.ceil((kernelClock?.uncertaintyNs ?? 0) / 1000)} µs`
        : `NFLOG in place of LOG: ${netfilter.why ?? ''}`,
    ),
    paint.dim(
      `${run.backend}, ${run.user}, Linux ${run.machine.kernel}, node ${run.tools['node'] ?? ''}, strace ${run.tools['strace'] ?? ''}; recorded in ${(run.wallMs / 1000).toFixed(1)} s`,
    ),
    `run: ${folder}`,
  ];
}

/** How many of the causes the kernel's tracer has seen, and how many are only likely. */
function arrows(judged: readonly JudgedVariant[]): string {
  const timelines = judged.flatMap((variant) => [...variant.timelines.values()]);
  const causes = timelines.flatMap(({ events }) =>
    events.flatMap((event) => (event.kind === 'packet' && event.cause ? [event.cause.certainty] : [])),
  );
  const measured = causes.filter((certainty) => certainty === 'measured').length;
  return measured === 0
    ? 'arrows from calls to packets are inferred from addresses, bytes and time'
    : `what made a packet leave: measured on the kernel’s stacks for ${measured} of ${causes.length}, inferred for the rest`;
}

function kernelLine(kernel: Run['kernel']): string {
  if (kernel === undefined) return 'the kernel’s tracer was not recorded';
  const why = kernel.why === undefined || kernel.why === '' ? '' : `: ${kernel.why}`;
  return kernel.tier === 'none'
    ? `no kernel.trace${why}`
    : `kernel.trace: ${tiers[kernel.tier]}${why.replace(':', ';')}`;
}

const tiers = {
  stacks: 'events with stacks',
  functions: 'events with stacks, function calls',
  graph: 'events with stacks, function calls, function graph',
};

const commands = (run: Run): string[] =>
  run.scenes.flatMap((scene) => [
    scene.folder,
    ...scene.commands.map(({ host, traced }) => `  ${host}: ${traced.map(quote).join(' ')}`),
    '',
  ]);

/** A word as a shell takes it. */
const quote = (word: string) =>
  /^[\w./:=,@%+?-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
