/** `handout.md`: a lesson on paper: what to look at, what happened here, as a table and drawn, what the article says, questions. */
import type { JudgedVariant } from '../../judge/run.ts';
import type { Verdict } from '../../model/verdict.ts';
import { labelOf, refer } from '../ledger.ts';
import { mdBlock, mdCode, mdText } from '../markdown.ts';
import { plain } from '../paint.ts';
import { renderSteps } from '../step-table.ts';
import { mermaidOf } from './mermaid.ts';
import type { PlayedLesson } from './renderer.ts';

export function renderHandout({ run, lesson, variants }: PlayedLesson): string {
  const { kernel, system } = run.machine;
  const lines = [
    `# ${mdText(lesson.id)}: ${mdText(lesson.question)}`,
    '',
    `Article: ${mdText(lesson.section)}. Recorded on Linux ${mdText(kernel)} (${mdText(system)}), Node ${mdText(run.tools['node'] ?? '')}.`,
    '',
    `**Look first.** ${mdText(lesson.look)}`,
    '',
    ...lesson.scenes.flatMap(({ id, title }) => sayScene(id, title ?? lesson.question, variants)),
    '## What the article says, and what was seen',
    '',
    ...lesson.claims.flatMap(({ id, says }) => sayClaim(id, says, variants)),
    '## Surprising',
    '',
    ...lesson.surprises.map((text) => `- ${mdText(text)}`),
    '',
    '## Questions',
    '',
    ...lesson.ask.map(({ question }, at) => `${at + 1}. ${mdText(question)}`),
    '',
    '<details><summary>Answers, each checked against this recording</summary>',
    '',
    ...answers(variants),
    '',
    '</details>',
    '',
    `**Not shown here.** ${mdText(lesson.notShown)}`,
  ];
  return `${lines.join('\n').replaceAll(/\n{3,}/g, '\n\n')}\n`;
}

/** TCP and UDP of one runtime beside each other, then each drawn. */
function sayScene(scene: string, title: string, variants: readonly JudgedVariant[]): string[] {
  const columns = variants.flatMap(({ variant, timelines }) => {
    const timeline = timelines.get(scene);
    const [runtime = ''] = variant.split('-');
    return timeline === undefined ? [] : [{ title: labelOf(variant), timeline, runtime, variant }];
  });
  return [...Map.groupBy(columns, ({ runtime }) => runtime)].flatMap(([runtime, own]) => [
    `## ${mdText(title)} (${mdText(runtime)})`,
    '',
    ...mdBlock(renderSteps(own, plain)),
    '',
    ...own.flatMap(({ title: column, timeline }) => [
      `### ${mdText(column)}`,
      '',
      ...mdBlock(mermaidOf(timeline), 'mermaid'),
      '',
    ]),
  ]);
}

const signs = { met: '✔', unmet: '✘', unobserved: '?' } as const;

function sayClaim(id: string, says: string, variants: readonly JudgedVariant[]): string[] {
  const verdicts = variants.flatMap((variant) => variant.verdicts.filter(({ claim }) => claim === id));
  if (verdicts.length === 0) return [];
  return [`- **${mdText(id)}** ${mdText(says)}`, ...verdicts.flatMap(sayVerdict), ''];
}

const sayVerdict = (verdict: Verdict): string[] => {
  const word = verdict.verdict === 'met' ? verdict.stance : verdict.verdict;
  const lines = [...new Set(verdict.evidence.map(({ source, line }) => refer(source, line)))].slice(0, 6);
  const why = verdict.why === undefined ? '' : `. ${mdText(verdict.why)}`;
  const where = lines.length === 0 ? '' : ` ${lines.map(mdCode).join(' ')}`;
  return [
    `  - ${signs[verdict.verdict]} ${word}, ${mdText(labelOf(verdict.variant))}: ${mdText(verdict.because)}${why}${where}`,
  ];
};

const answers = (variants: readonly JudgedVariant[]): string[] => {
  const [first] = variants;
  const all = variants.flatMap((variant) => variant.answers);
  return (first?.lesson.ask ?? []).map(({ question, answer }, at) => {
    const checked = all.find((one) => one.question === question);
    const doubt =
      checked === undefined || checked.verdict === 'met'
        ? ''
        : ` (not so in this run: ${mdText(checked.because)})`;
    return `${at + 1}. ${mdText(answer)}${doubt}`;
  });
};
