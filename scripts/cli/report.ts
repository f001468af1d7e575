/** `echolab report`: everything after recording, again, from the files of a run. */
import { join, resolve } from 'node:path';
import { existsSync } from 'node:fs';
import { judgeRun } from '../judge/run.ts';
import { readRecordings, readRun, writeWhole } from '../record/store.ts';
import { plain, colours } from '../render/paint.ts';
import { makePageData } from '../render/page/data/make.ts';
import { renderImprecise } from '../render/imprecise.ts';
import { renderRuntimes } from '../render/runtimes.ts';
import { renderRun } from '../render/text.ts';
import { choose, loadLessons } from './lessons.ts';
import { pageDocument } from './page.ts';
import { projectFolder } from './project.ts';
import { readFlags, UsageError } from './usage.ts';

const help = `echolab report [RUN] [--lesson dial,echo] [--lessons DIR] [--answers] [--verbose] [--strict]

  RUN              a folder of a run; traces/latest where none is given
  --lesson NAMES   only these lessons
  --lessons DIR    lessons of your own, beside the project's
  --verbose        also print every program's command line
  --answers        with --lesson: also the answers to the questions for class
  --strict         exit with 1 if a claim was not observed

Reads the raw recordings, prints the run, and writes beside them, where it may: events.jsonl, verdicts.json,
imprecise.txt (where the article is imprecise), runtimes.txt (which calls Node makes in place of libc's) and
report.html, the page to project: one file, opened in any browser, without a network.
`;

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = readFlags(
    args,
    {
      lesson: { type: 'string' },
      lessons: { type: 'string' },
      verbose: { type: 'boolean', default: false },
      strict: { type: 'boolean', default: false },
      answers: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
    true,
  );
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  const folder = resolve(positionals[0] ?? join(projectFolder, 'traces/latest'));
  return report(folder, values.lesson, values);
}

interface ReportOptions {
  readonly verbose: boolean;
  readonly strict: boolean;
  readonly answers: boolean;
  /** A folder with lessons beside the project's own. */
  readonly lessons?: string | undefined;
}

/** @param names the lessons to print; verdicts are written of all that were recorded */
export async function report(
  folder: string,
  names: string | undefined,
  { verbose, strict, answers, lessons: more }: ReportOptions,
): Promise<number> {
  const run = await readRun(folder);
  const files = await readRecordings(folder, run);
  const lessons = await loadLessons(more);
  const chosen = choose(lessons, names);
  const judged = judgeRun(run, lessons, (scene) => files.get(scene) ?? new Map());
  const verdicts = judged.flatMap((variant) => variant.verdicts);
  const printed = judged.filter(({ lesson }) => chosen.includes(lesson));
  if (printed.length === 0) throw new UsageError(`this run has no recording of ${names ?? 'any lesson'}`);
  const paint = process.stdout.isTTY && !process.env['NO_COLOR'] ? colours : plain;
  process.stdout.write(
    renderRun(run, printed, {
      ...{ paint, verbose, answers },
      full: names !== undefined && names !== '',
      folder: shortPath(folder),
    }),
  );

  const derived = judged.flatMap(({ timelines }) =>
    [...timelines.values()].map(({ scene, events }) => {
      const lines = events.map((event) => `${JSON.stringify(event)}\n`);
      return writeWhole(join(folder, scene.folder, 'events.jsonl'), lines.join(''));
    }),
  );
  // A run in a folder that may not be written (a reference run of somebody else's) is only printed.
  await Promise.all([
    ...derived,
    writeWhole(join(folder, 'verdicts.json'), `${JSON.stringify(verdicts, null, 2)}\n`),
    writeWhole(join(folder, 'imprecise.txt'), renderImprecise(judged)),
    writeWhole(join(folder, 'runtimes.txt'), renderRuntimes(judged)),
    pageDocument(makePageData(run, judged, (scene) => files.get(scene) ?? new Map(), shortPath(folder))).then(
      (page) => writeWhole(join(folder, 'report.html'), page),
    ),
  ]).then(
    () => process.stdout.write(`page: ${shortPath(folder)}/report.html\n`),
    (error: unknown) =>
      process.stderr.write(`not written: ${error instanceof Error ? error.message : String(error)}\n`),
  );
  if (verdicts.some(({ verdict }) => verdict === 'unmet')) return 1;
  if (strict && verdicts.some(({ verdict }) => verdict === 'unobserved')) return 1;
  return verdicts.some(({ verdict }) => verdict === 'met') ? 0 : 1;
}

/** As short as it can be typed from where the user is. */
function shortPath(folder: string): string {
  const here = `${process.cwd()}/`;
  return folder.startsWith(here) && existsSync(folder) ? folder.slice(here.length) : folder;
}
