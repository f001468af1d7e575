/** `echolab inside PLAN`: the part of the lab that runs in its own namespaces, as their process 1. */
import { openNamespaces } from '../hosts/namespaces.ts';
import { Plan } from './plan.ts';
import { projectFolder } from './project.ts';
import { playPlan } from './play-plan.ts';

export async function run([text = '{}']: string[]): Promise<number> {
  const plan = Plan.parse(JSON.parse(text));
  // What is made for the programs, another user must be able to read, whatever the lab's user wants for files outside.
  process.umask(0o022);
  // Process 1 of a pid namespace ignores the signals that it has no handler for.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    if (plan.shell === undefined || signal !== 'SIGINT') process.on(signal, () => process.exit(130));
    else process.on(signal, () => undefined); // Ctrl-C in the shell is the shell's
  }
  const { pairs: count, strangers, tag, programs: lab, netfilter = { recorder: 'NFLOG' } } = plan;
  const backend = await openNamespaces({
    ...{ tag, count, strangers, lab, netfilter },
    node: process.execPath,
    compiled: `${projectFolder}/node_modules/.cache/programs`,
  });
  const status = await playPlan(backend, plan);
  await backend[Symbol.asyncDispose]();
  // Shells and recorders die with this process, which is their init.
  return process.exit(status);
}
