/** A run on a terminal, in at most 99 columns: a step table for each lesson, then the claim ledger. */
import type { Timeline } from '../correlate/timeline.ts';
import type { JudgedVariant } from '../judge/run.ts';
import type { Lesson } from '../lessons/lesson.ts';
import type { Run } from '../model/run.ts';
import { compareFunctions } from './functions.ts';
import { briefly } from './brief.ts';
import { footer } from './footer.ts';
import { labelOf, renderLedger, wrapWords } from './ledger.ts';
import type { Paint } from './paint.ts';
import { renderQuestions } from './questions.ts';
import { renderSteps, type Column } from './step-table.ts';
import { renderInWords } from './in-words.ts';

const width = 99;

export interface TextOptions {
  readonly paint: Paint;
  /** Also the programs' command lines. */
  readonly verbose: boolean;
  /** Every lesson in full, with its words and questions; else only those that are meant to be, the others in a line. */
  readonly full: boolean;
  /** Also the answers to the questions for class. */
  readonly answers: boolean;
  /** Under each step table, its calls and packets in plain words. */
  readonly explain?: boolean;
  /** Where the run lies, as the user may type it. */
  readonly folder: string;
  /** All of the run, of which its files are made, where only a part is printed. */
  readonly whole?: readonly JudgedVariant[];
}

export function renderRun(run: Run, judged: readonly JudgedVariant[], options: TextOptions): string {
  const lessons = [...Map.groupBy(judged, ({ lesson }) => lesson)];
  const inFull = lessons.filter(([lesson]) => options.full || lesson.inFull);
  const others = lessons.filter(([lesson]) => !options.full && !lesson.inFull);
  return `${[
    ...inFull.flatMap(([lesson, variants]) => renderLesson(lesson, variants, options)),
    ...briefly(others, options.paint),
    ...footer(run, judged, options),
  ].join('\n')}\n`;
}

function renderLesson(lesson: Lesson, variants: readonly JudgedVariant[], options: TextOptions): string[] {
  const { paint } = options;
  const scenes = lesson.scenes.flatMap((scene) => {
    const title = scene.title ?? (scene.id === 'main' ? lesson.question : scene.id);
    // In full the question stands above already.
    const above = options.full && title === lesson.question;
    // Two columns fit: TCP and UDP of one runtime side by side.
    const tables = Map.groupBy(columnsOf(variants, scene.id), ({ runtime }) => runtime);
    return [...tables].flatMap(([runtime, columns]) => {
      const [first] = columns;
      if (first === undefined) return [];
      const words = above ? runtime : `${title}${runtime === 'node' ? '' : ` (${runtime})`}`;
      return [
        heading(`${lesson.id} · ${words}`, first.timeline, paint),
        ...renderSteps(columns, paint),
        '',
        ...(options.explain === true ? [...renderInWords(columns, paint), ''] : []),
      ];
    });
  });
  const compared = compareFunctions(variants);
  const say = (title: string, texts: readonly string[]) =>
    texts.flatMap((text, n) =>
      wrapWords(text, width - 13).map((line, row) => `${(n + row === 0 ? title : '').padEnd(12)} ${line}`),
    );
  return [
    ...(options.full
      ? [
          paint.bold(`${lesson.id} · ${lesson.question}`),
          ...say('article', [lesson.section]),
          ...say('look first', [lesson.look]),
          '',
        ]
      : []),
    ...scenes,
    ...(compared.length > 0 ? [...compared, ''] : []),
    ...renderLedger(variants, paint),
    '',
    ...(options.full
      ? [
          ...say('surprising', lesson.surprises),
          ...say('not shown', [lesson.notShown]),
          '',
          ...renderQuestions(variants, options),
          '',
        ]
      : []),
  ];
}

const columnsOf = (variants: readonly JudgedVariant[], scene: string): (Column & { runtime: string })[] =>
  variants.flatMap(({ variant, timelines }) => {
    const timeline = timelines.get(scene);
    const [runtime = ''] = variant.split('-');
    return timeline === undefined ? [] : [{ title: labelOf(variant), timeline, runtime }];
  });

function heading(title: string, { scene }: Timeline, paint: Paint): string {
  const [client, server] = scene.hosts;
  const way = `${client?.address ?? ''} → ${server?.address ?? ''}:9000`;
  return paint.bold(title.padEnd(width - way.length) + way);
}
