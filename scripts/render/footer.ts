/** The last lines of a run: what went wrong, the count, how it was recorded, where it lies. */
import type { JudgedVariant } from '../judge/run.ts';
import type { Run } from '../model/run.ts';
import { differing } from './imprecise.ts';
import { wrapWords } from './ledger.ts';
import { visible } from './paint.ts';
import type { TextOptions } from './text.ts';

const width = 99;

export function footer(
  run: Run,
  judged: readonly JudgedVariant[],
  { paint, verbose, folder }: Pick<TextOptions, 'paint' | 'verbose' | 'folder'>,
): string[] {
  const verdicts = judged.flatMap((variant) => variant.verdicts);
  const count = (verdict: string) => verdicts.filter((one) => one.verdict === verdict).length;
  const problems = judged.flatMap(({ timelines }) =>
    [...timelines.values()].flatMap(({ scene, problems: found, losses }) => [
      ...found.map(({ source, line, what }) => `${scene.folder}/${source}:${line} ${what}`),
      ...losses.map(({ source, why, count: n }) => `${scene.folder}/${source}: ${n ?? ''} ${why}`),
      ...scene.commands
        .filter(({ ended, meant }) => ended !== meant)
        .map(({ host, ended }) => `${scene.folder}: the program on ${host} ended with ${ended}`),
    ]),
  );
  const questions = judged.flatMap(({ answers }) => answers).filter(({ verdict }) => verdict !== 'met');
  const { netfilter, kernelClock } = run;
  return [
    ...(verbose ? commands(run) : []),
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
    paint.dim(
      netfilter.recorder === 'LOG'
        ? `kernel.log: iptables LOG, its clock known to ± ${Math.ceil((kernelClock?.uncertaintyNs ?? 0) / 1000)} µs`
        : `NFLOG in place of LOG: ${netfilter.why ?? ''}`,
    ),
    paint.dim(
      `${run.backend}, ${run.user}, Linux ${run.machine.kernel}, node ${run.tools['node'] ?? ''}, strace ${run.tools['strace'] ?? ''}; recorded in ${(run.wallMs / 1000).toFixed(1)} s`,
    ),
    paint.dim(`where the article is imprecise, ${differing(judged).length} places: ${folder}/imprecise.txt`),
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

/** A word as a shell takes it; what must not reach a terminal as bash's escapes: `$'\u202e'`. */
function quote(word: string): string {
  if (/^[\w./:=,@%+?-]+$/.test(word)) return word;
  if (word.search(unsafe) === -1) return `'${word.replaceAll("'", `'\\''`)}'`;
  const escaped = word.replaceAll(/['\\]/g, (sign) => `\\${sign}`);
  return `$'${escaped.replaceAll(unsafe, (sign) => `\\U${(sign.codePointAt(0) ?? 0).toString(16).padStart(8, '0')}`)}'`;
}

const unsafe = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
