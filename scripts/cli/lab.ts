/** `echolab lab`: record the lessons, then everything that `report` does. */
import { execa } from 'execa';
import { availableParallelism, constants } from 'node:os';
import { resolve } from 'node:path';
import { CannotRun } from '../hosts/host.ts';
import { enter } from '../hosts/namespaces.ts';
import type { Lesson } from '../lessons/lesson.ts';
import { holdNfLog } from '../record/nf-log.ts';
import { createRun, dropRun, pointLatest } from '../record/store.ts';
import { choose, loadLessons } from './lessons.ts';
import { drawTag, type Plan } from './plan.ts';
import { chooseNetfilter, prepare } from './prepare.ts';
import { mainFile, projectFolder } from './project.ts';
import { report } from './report.ts';
import { Ended, readFlags, UsageError } from './usage.ts';

const help = `echolab lab [--lesson dial,echo] [--programs DIR] [--traces DIR] [--verbose] [--strict]

  --lesson NAMES   only these lessons (make lab LESSON=…)
  --programs DIR   the programs to run, in place of this project's lab/
  --traces DIR     where runs are kept, in place of this project's traces/
  --verbose        also print every program's command line
  --strict         exit with 1 if a claim was not observed
  --untraced       only run the programs, without recorders, and print how many milliseconds they took

Environment
  LAB_BACKEND=namespaces   where the hosts live
  LAB_INSTALL=0            do not install missing tools
  NO_COLOR=1               no colours
`;

export async function run(args: string[]): Promise<number> {
  const { values } = readFlags(args, {
    lesson: { type: 'string' },
    programs: { type: 'string', default: resolve(projectFolder, 'lab') },
    traces: { type: 'string', default: resolve(projectFolder, 'traces') },
    verbose: { type: 'boolean', default: false },
    strict: { type: 'boolean', default: false },
    untraced: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  });
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  const backend = process.env['LAB_BACKEND'] ?? '';
  if (!['', 'namespaces'].includes(backend))
    throw new UsageError(`LAB_BACKEND=${backend}: there is only namespaces`);
  const lessons = choose(await loadLessons(), values.lesson);
  await prepare();
  const netfilter = await chooseNetfilter();
  const traces = resolve(values.traces);
  const folder = values.untraced ? '' : await createRun(traces, new Date());
  const plan: Plan = {
    lessons: lessons.map(({ id }) => id),
    folder,
    programs: resolve(values.programs),
    pairs: pairsFor(lessons),
    tag: drawTag(),
    netfilter,
    traced: !values.untraced,
  };
  try {
    await runInside(plan);
  } catch (error) {
    if (folder !== '') await dropRun(folder);
    throw error;
  }
  if (values.untraced) return 0;
  await pointLatest(traces, folder);
  return report(folder, values.lesson, { verbose: values.verbose, strict: values.strict });
}

/** One pair a core; and one more where a scene waits for the kernel's timers, which takes none. */
function pairsFor(lessons: readonly Lesson[]): number {
  const waits = lessons.some(({ scenes }) => scenes.some(({ waitsMs }) => waitsMs !== undefined));
  return availableParallelism() + (waits ? 1 : 0);
}

/** Runs the plan in namespaces of its own; the switch for LOG is held meanwhile. */
export async function runInside(plan: Plan): Promise<number> {
  await using _ = plan.netfilter.recorder === 'LOG' && plan.traced ? await holdNfLog() : undefined;
  const [file = '', ...args] = enter([process.execPath, mainFile, 'inside', JSON.stringify(plan)]);
  const inside = execa(file, args, { stdio: 'inherit', reject: false, buffer: false });
  // From the terminal a signal reaches both; either way the kernel ends everything with the inner process.
  let stopped: NodeJS.Signals | undefined;
  const stop = (signal: NodeJS.Signals) => {
    if (signal === 'SIGINT' && plan.shell !== undefined) return;
    stopped = signal;
    inside.kill('SIGKILL');
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  const { exitCode } = await inside;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(signal, stop);
  if (stopped !== undefined) throw new Ended(128 + constants.signals[stopped]);
  if (plan.shell !== undefined) return exitCode ?? 1;
  if (exitCode === 0) return 0;
  if (exitCode !== undefined) throw new Ended(exitCode); // it has said why
  throw new CannotRun({
    what: 'the recording ended before it was complete',
    why: 'the process inside the namespaces was killed',
    mend: 'run it again',
  });
}
