/** `echolab report`: everything after recording, again, from the files of a run. */
import { join, resolve } from 'node:path';
import { existsSync } from 'node:fs';
import { judgeRun, type Files } from '../judge/run.ts';
import type { SceneRecord } from '../model/run.ts';
import type { Verdict } from '../model/verdict.ts';
import { readRecordings, readRun } from '../record/store.ts';
import { wholeRun } from '../render/files/renderer.ts';
import { makePageData } from '../render/page/data/make.ts';
import { plain, colours, type Paint } from '../render/paint.ts';
import { renderRun } from '../render/text.ts';
import { choose, loadLessons } from './lessons.ts';
import { beginPage, pageDocument } from './page.ts';
import { projectFolder } from './project.ts';
import { readFlags, UsageError } from './usage.ts';
import { aboutKind, chooseFormats, formatHelp, writeFiles, type Written } from './write-files.ts';

const help = `echolab report [RUN] [--lesson dial,echo] [--lessons DIR] [--format pcapng,log] [--unfold]
               [--answers] [--explain] [--verbose] [--strict]

  RUN              a folder of a run; traces/latest where none is given
  --lesson NAMES   only these lessons, in full; all: every one
  --lessons DIR    lessons of your own, beside the project's
  --verbose        also print every program's command line, for the shell of make shell
  --answers        every lesson in full, with the answers to its questions for class
  --explain        under each step table, every call and packet of it in plain words
  --strict         exit with 1 if a claim was not observed
  --unfold         annotated logs with all of the runtime's own calls, each explained
  --format NAMES   which files to write; all where nothing is said:
${formatHelp()}
Reads the raw recordings, prints the run, and writes files beside them, where it may.
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
      explain: { type: 'boolean', default: false },
      format: { type: 'string' },
      unfold: { type: 'boolean', default: false },
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
  readonly explain: boolean;
  /** A folder with lessons beside the project's own. */
  readonly lessons?: string | undefined;
  /** `pcapng,log`; all where it is undefined. */
  readonly format?: string | undefined;
  readonly unfold?: boolean;
}

/** @param names the lessons to print; verdicts are written of all that were recorded */
export async function report(
  folder: string,
  names: string | undefined,
  { verbose, strict, answers, explain, lessons: more, format, unfold = false }: ReportOptions,
): Promise<number> {
  const chosenFormats = chooseFormats(format);
  const run = await readRun(folder);
  const toDocument = chosenFormats.includes('html') ? beginPage() : pageDocument;
  const files = await readRecordings(folder, run);
  const lessons = await loadLessons(more);
  const chosen = choose(lessons, names);
  const filesOf = (scene: SceneRecord): Files => files.get(scene) ?? new Map();
  const judged = judgeRun(run, lessons, filesOf);
  const verdicts = judged.flatMap((variant) => variant.verdicts);
  const printed = judged.filter(({ lesson }) => chosen.includes(lesson));
  if (printed.length === 0) throw new UsageError(`this run has no recording of ${names ?? 'any lesson'}`);
  const paint = process.stdout.isTTY && !process.env['NO_COLOR'] ? colours : plain;
  process.stdout.write(
    renderRun(run, printed, {
      ...{ paint, verbose, answers, explain },
      // The answers stand under the questions, which only a lesson in full has.
      full: answers || (names !== undefined && names !== ''),
      whole: judged,
      folder: shortPath(folder),
    }),
  );

  // A run in a folder that may not be written (a reference run of somebody else's) is only printed.
  const page = () => toDocument(makePageData(run, judged, filesOf, shortPath(folder)));
  await writeFiles(folder, wholeRun(run, judged, filesOf, unfold), chosenFormats, page)
    .then((written) => process.stdout.write(sayWritten(written, shortPath(folder), paint)))
    .catch((error: unknown) =>
      process.stderr.write(`not written: ${error instanceof Error ? error.message : String(error)}\n`),
    );
  const wrong = whyNotZero(verdicts, strict);
  if (wrong === undefined) return 0;
  const make = process.env['MAKELEVEL'] === undefined ? '' : ', which make calls an error';
  process.stderr.write(`${wrong}: exit status 1${make}\n`);
  return 1;
}

/** What the verdicts say against exit status 0. */
function whyNotZero(verdicts: readonly Verdict[], strict: boolean): string | undefined {
  const count = (wanted: Verdict['verdict']) => verdicts.filter(({ verdict }) => verdict === wanted).length;
  const claims = (n: number) => (n === 1 ? '1 claim is' : `${n} claims are`);
  if (count('unmet') > 0) return `${claims(count('unmet'))} unmet, marked ✘`;
  if (strict && count('unobserved') > 0)
    return `--strict, and ${claims(count('unobserved'))} unobserved, marked ?`;
  return count('met') === 0 ? 'no claim is met' : undefined;
}

/** What was made from the recordings: an example of each, how many there are, what they are for. */
function sayWritten(written: readonly Written[], folder: string, paint: Paint): string {
  const lines = written.map(
    ({ name, count, example }) =>
      `  ${example.padEnd(38)} ${String(count).padStart(3)}  ${aboutKind(name)}\n`,
  );
  const page = written.find(({ name }) => name === 'html');
  const open = page === undefined ? '' : `report: ${join(folder, page.example)}\n`;
  return `${paint.dim(`in it, made from the recordings:\n${lines.join('')}`)}${open}`;
}

/** As short as it can be typed from where the user is. */
function shortPath(folder: string): string {
  const here = `${process.cwd()}/`;
  return folder.startsWith(here) && existsSync(folder) ? folder.slice(here.length) : folder;
}
