/** Which backend, and the lab on it. */
import { findEngine, isObstacle, type Engine } from '../hosts/engine.ts';
import { openDocker } from '../hosts/docker.ts';
import { CannotRun } from '../hosts/host.ts';
import { availableParallelism, constants } from 'node:os';
import { dropRun } from '../record/store.ts';
import { runInside } from './run-inside.ts';
import type { Plan } from './plan.ts';
import { projectFolder } from './project.ts';
import { chooseNetfilter, prepare } from './prepare.ts';
import { clearProgress } from './progress.ts';
import { playPlan } from './play-plan.ts';
import { UsageError } from './usage.ts';

/**
 * LAB_BACKEND, else Docker if an engine answers, else namespaces. Gives the exit status of a shell, else 0.
 *
 * @param meanwhile called once another process plays the lessons, and this one waits for it
 */
export async function runPlan(plan: Plan, meanwhile?: () => void): Promise<number> {
  const wanted = process.env['LAB_BACKEND'] ?? '';
  switch (wanted) {
    case 'docker':
      return runInDocker(plan);
    case 'namespaces':
      return runInNamespaces(plan, meanwhile);
    case '': {
      const engine = await findEngine();
      if (isObstacle(engine)) return runInNamespaces(plan, meanwhile);
      return runInDocker(plan, engine).catch((error: unknown) => {
        if (!(error instanceof CannotRun)) throw error;
        const { what, why } = error.obstacle;
        process.stderr.write(
          `not with Docker: ${what}\n  why   ${why}\nusing namespaces instead (LAB_BACKEND chooses)\n`,
        );
        return runInNamespaces(plan, meanwhile);
      });
    }
    default:
      throw new UsageError(`LAB_BACKEND=${wanted}: there are docker and namespaces`);
  }
}

async function runInNamespaces(plan: Plan, meanwhile?: () => void): Promise<number> {
  await prepare();
  return runInside({ ...plan, netfilter: await chooseNetfilter() }, meanwhile);
}

async function runInDocker(plan: Plan, engine?: Engine): Promise<number> {
  const { tag, pairs: count, strangers, programs: lab, traced, folder } = plan;
  const say = (text: string) => process.stderr.write(`${text}\n`);
  // The containers live on our pipes: they end with this process, however it ends.
  const stop = (signal: NodeJS.Signals) =>
    void (folder === '' ? Promise.resolve() : dropRun(folder)).finally(() => {
      clearProgress(process.stderr);
      process.exit(128 + constants.signals[signal]);
    });
  const signals =
    plan.shell === undefined ? (['SIGINT', 'SIGTERM', 'SIGHUP'] as const) : (['SIGTERM', 'SIGHUP'] as const);
  for (const signal of signals) process.on(signal, stop);
  if (plan.shell !== undefined) process.on('SIGINT', () => undefined); // Ctrl-C in the shell is the shell's
  try {
    await using backend = await openDocker({
      tag,
      // Three on two cores: lessons wait a good deal, but each pair is four containers to be started.
      count: Math.min(count, Math.ceil(1.5 * availableParallelism())),
      strangers: Math.min(strangers, 1), // two more; the other pairs have enough to do
      lab,
      node: process.execPath,
      compiled: `${projectFolder}/node_modules/.cache/programs`,
      traced,
      say,
      ...(engine && { engine }),
    });
    return await Promise.race([playPlan(backend, plan), ...(backend.broken ? [backend.broken] : [])]);
  } finally {
    for (const signal of signals) process.off(signal, stop);
  }
}
