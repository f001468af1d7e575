/** `echolab inside PLAN`: the part of the lab that runs in its own namespaces, as their process 1. */
import { openNamespaces } from '../hosts/namespaces.ts';
import { partsOf, record } from '../record/run.ts';
import { choose, loadLessons } from './lessons.ts';
import { Plan } from './plan.ts';
import { startProgress } from './progress.ts';
import { openHostShell } from './host-shell.ts';

export async function run([text = '{}']: string[]): Promise<number> {
  const plan = Plan.parse(JSON.parse(text));
  // Process 1 of a pid namespace ignores the signals that it has no handler for.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    if (plan.shell === undefined || signal !== 'SIGINT') process.on(signal, () => process.exit(130));
    else process.on(signal, () => undefined); // Ctrl-C in the shell is the shell's
  }
  const { pairs: count, tag, programs: lab } = plan;
  await using backend = await openNamespaces({ tag, count, lab, node: process.execPath });
  if (plan.shell !== undefined) return openHostShell(backend, plan.shell, plan.netfilter.recorder);
  const parts = partsOf(choose(await loadLessons(), plan.lessons.join(',')));
  const progress = startProgress(parts.length, process.stderr);
  const { folder, netfilter, traced } = plan;
  const finished = await record({ backend, parts, folder, netfilter, traced, progress: progress.show });
  progress.end();
  if (!traced) process.stdout.write(`${Math.round(finished.wallMs)}\n`);
  // Shells and recorders die with this process, which is their init.
  return process.exit(0);
}
