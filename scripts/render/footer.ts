/** The last lines of a run: what went wrong, the count, how it was recorded, where it lies. */
import type { JudgedVariant } from '../judge/run.ts';
import type { Run } from '../model/run.ts';
import { commandLine } from './command-line.ts';
import { differing } from './imprecise.ts';
import { refer, wrapWords } from './ledger.ts';
import { visible, type Paint } from './paint.ts';
import type { TextOptions } from './text.ts';

const width = 99;

export function footer(
  run: Run,
  judged: readonly JudgedVariant[],
  { paint, verbose, folder, whole = judged }: Pick<TextOptions, 'paint' | 'verbose' | 'folder' | 'whole'>,
): string[] {
  const verdicts = judged.flatMap((variant) => variant.verdicts);
  const count = (verdict: string) => verdicts.filter((one) => one.verdict === verdict).length;
  const problems = judged.flatMap(({ timelines }) =>
    [...timelines.values()].flatMap(({ scene, problems: found, losses }) => [
      ...found.map(({ source, line, what }) => `${scene.folder}/${refer(source, line)} ${what}`),
      ...losses.map(({ source, why, count: n }) => `${scene.folder}/${source}: ${n ?? ''} ${why}`),
      ...scene.commands
        .filter(({ ended, meant }) => ended !== meant)
        .map(({ host, ended }) => `${scene.folder}: the program on ${host} ended with ${ended}`),
    ]),
  );
  const questions = judged.flatMap(({ answers }) => answers).filter(({ verdict }) => verdict !== 'met');
  const { netfilter, kernelClock } = run;
  const places = differing(whole).length;
  return [
    ...(verbose ? commands(judged, paint) : []),
    ...[...new Set(problems)].map((problem) => paint.yellow(`! ${visible(problem)}`)),
    ...questions.map(({ question, because }) =>
      paint.yellow(`! not so in this run: ${question} ${visible(because)}`),
    ),
    `${count('met')} met, ${count('unmet')} unmet, ${count('unobserved')} unobserved`,
    paint.dim(arrows(judged)),
    ...wrapWords(kernelLine(run.kernel), width).map(paint.dim),
    ...(run.stacks?.recorded === false
      ? wrapWords(`no stacks of the programs: ${run.stacks.why ?? ''}`, width).map(paint.dim)
      : []),
    ...wrapWords(
      netfilter.recorder === 'LOG'
        ? `kernel.log: iptables LOG, its clock known to ± ${Math.ceil((kernelClock?.uncertaintyNs ?? 0) / 1000)} µs`
        : `NFLOG in place of LOG: ${netfilter.why ?? ''}`,
      width,
    ).map(paint.dim),
    paint.dim(
      `${run.backend}, ${run.user}, Linux ${run.machine.kernel}, node ${run.tools['node'] ?? ''}, strace ${run.tools['strace'] ?? ''}; recorded in ${(run.wallMs / 1000).toFixed(1)} s`,
    ),
    ...(places === 0
      ? []
      : [paint.dim(`where the article is imprecise, ${places} places: ${folder}/imprecise.txt`)]),
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

const commands = (judged: readonly JudgedVariant[], paint: Paint): string[] => [
  paint.dim('for the shell of make shell HOST=client or HOST=server, whichever host is named'),
  ...judged.flatMap(({ lesson, timelines }) =>
    [...timelines.values()].flatMap(({ scene }) => {
      const story = lesson.scenes.find(({ id }) => id === scene.scene)?.story;
      return [
        scene.folder,
        ...scene.commands.flatMap((command) => [`  # ${command.host}`, `  ${commandLine(command, story)}`]),
        '',
      ];
    }),
  ),
];
