/** `echolab lab`: record the lessons, then everything that `report` does. */
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { hostsOf, type Lesson } from '../lessons/lesson.ts';
import { partsOf } from '../record/run.ts';
import { createRun, dropRun, pointLatest } from '../record/store.ts';
import { choose, loadLessons } from './lessons.ts';
import { runPlan } from './backend.ts';
import { drawTag, type Plan } from './plan.ts';
import { projectFolder } from './project.ts';
import type * as Reporting from './report.ts';
import { readFlags, UsageError } from './usage.ts';

const help = `echolab lab [--lesson dial,echo] [--lessons DIR] [--programs DIR] [--traces DIR]
             [--pairs N] [--answers] [--explain] [--verbose] [--strict]

  --lesson NAMES   only these lessons, in full; all: every one (make lab LESSON=…)
  --lessons DIR    lessons of your own, beside the project's (README: a lesson of your own)
  --programs DIR   the programs to run, in place of this project's lab/
  --traces DIR     where runs are kept, in place of this project's traces/
  --pairs N        play so many scenes at once
  --verbose        also print every program's command line, for the shell of make shell
  --answers        every lesson in full, with the answers to its questions for class
  --explain        under each step table, every call and packet of it in plain words
  --strict         exit with 1 if a claim was not observed
  --record-only    neither judge nor print nor make files of the run: echolab report does
  --untraced       only run the programs, without recorders, and print how many milliseconds they took

Environment
  LAB_BACKEND=NAME         where the hosts live: docker or namespaces; docker where an engine answers
  LAB_BASE=IMAGE           what the image of Docker's hosts is built on
  LAB_INSTALL=0            do not install missing tools
  NO_COLOR=1               no colours
`;

export async function run(args: string[]): Promise<number> {
  const { values } = readFlags(args, {
    lesson: { type: 'string' },
    lessons: { type: 'string' },
    programs: { type: 'string', default: resolve(projectFolder, 'lab') },
    pairs: { type: 'string' },
    traces: { type: 'string', default: resolve(projectFolder, 'traces') },
    verbose: { type: 'boolean', default: false },
    strict: { type: 'boolean', default: false },
    answers: { type: 'boolean', default: false },
    'record-only': { type: 'boolean', default: false },
    explain: { type: 'boolean', default: false },
    untraced: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  });
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  if (!existsSync(values.programs)) throw new UsageError(`--programs: there is no folder ${values.programs}`);
  const lessons = choose(await loadLessons(values.lessons), values.lesson);
  const pairs = values.pairs === undefined ? pairsFor(lessons) : Number(values.pairs);
  if (!Number.isInteger(pairs) || pairs < 1)
    throw new UsageError(`--pairs ${values.pairs ?? ''}: a number is wanted, 1 or more`);
  const traces = resolve(values.traces);
  const folder = values.untraced ? '' : await createRun(traces, new Date());
  const plan: Plan = {
    lessons: lessons.map(({ id }) => id),
    ...(values.lessons !== undefined && { moreLessons: resolve(values.lessons) }),
    folder,
    programs: resolve(values.programs),
    pairs,
    strangers: strangersFor(lessons, pairs),
    tag: drawTag(),
    traced: !values.untraced,
  };
  const recordOnly = values.untraced || values['record-only'];
  // While the lessons play inside, this process has nothing to do but to load what comes after them.
  let reporting: Promise<typeof Reporting> | undefined;
  try {
    await runPlan(plan, () => {
      if (!recordOnly) reporting = import('./report.ts');
    });
  } catch (error) {
    if (folder !== '') await dropRun(folder);
    throw error;
  }
  if (values.untraced) return 0;
  await pointLatest(traces, folder);
  if (recordOnly) return 0;
  const { report } = await (reporting ?? import('./report.ts'));
  return report(folder, values.lesson, values);
}

/** Most of a scene is waiting, for a process to start or for a timer: more pairs than cores. */
const pairsFor = (lessons: readonly Lesson[]): number =>
  Math.min(3 * availableParallelism(), Math.max(1, partsOf(lessons).length));

/** Half of the pairs: enough that nobody waits for them, and each costs a host and its recorders. */
const strangersFor = (lessons: readonly Lesson[], pairs: number): number =>
  lessons.some(({ scenes }) => scenes.some((scene) => hostsOf(scene).includes('stranger')))
    ? Math.ceil(pairs / 2)
    : 0;
