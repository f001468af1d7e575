/** A plan on a backend that is open: the recording, or a shell. */
import type { Backend } from '../hosts/host.ts';
import { partsOf, record } from '../record/run.ts';
import { openHostShell } from './host-shell.ts';
import { choose, loadLessons } from './lessons.ts';
import type { Plan } from './plan.ts';
import { startProgress } from './progress.ts';

/** Gives the exit status of the shell, else 0. */
export async function playPlan(backend: Backend, plan: Plan): Promise<number> {
  if (plan.shell !== undefined) return openHostShell(backend, plan.shell);
  const parts = partsOf(choose(await loadLessons(plan.moreLessons), plan.lessons.join(',')));
  const progress = startProgress(parts.length, process.stderr);
  const { folder, traced } = plan;
  const finished = await record({ backend, parts, folder, traced, progress: progress.show });
  progress.end();
  if (!traced) process.stdout.write(`${Math.round(finished.wallMs)}\n`);
  return 0;
}
