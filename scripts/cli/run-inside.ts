/** The outer half of the namespaces backend: starts the lab again inside its own namespaces and waits for it. */
import { execa } from 'execa';
import { constants } from 'node:os';
import { CannotRun } from '../hosts/host.ts';
import { enter } from '../hosts/namespaces.ts';
import { sweepTracefs } from '../hosts/tracefs-here.ts';
import { holdNfLog } from '../record/nf-log.ts';
import type { Plan } from './plan.ts';
import { clearProgress } from './progress.ts';
import { mainFile } from './project.ts';
import { Ended } from './usage.ts';

/**
 * Runs the plan in namespaces of its own; the switch for LOG is held meanwhile.
 *
 * @param meanwhile called once the inner process has been started
 */
export async function runInside(plan: Plan, meanwhile?: () => void): Promise<number> {
  await using _ = plan.netfilter?.recorder === 'LOG' && plan.traced ? await holdNfLog() : undefined;
  const [file = '', ...args] = enter([
    process.execPath,
    '--max-semi-space-size=64',
    mainFile,
    'inside',
    JSON.stringify(plan),
  ]);
  const inside = execa(file, args, { stdio: 'inherit', reject: false, buffer: false });
  // From the terminal a signal reaches both; either way the kernel ends everything with the inner process.
  let stopped: NodeJS.Signals | undefined;
  const stop = (signal: NodeJS.Signals) => {
    if (signal === 'SIGINT' && plan.shell !== undefined) return;
    stopped = signal;
    inside.kill('SIGKILL');
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  meanwhile?.();
  const { exitCode } = await inside;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(signal, stop);
  // The instances of the kernel's tracer outlive the process that made them, and who is killed removes nothing.
  if (exitCode !== 0) await sweepTracefs(plan.tag);
  if (stopped !== undefined) {
    clearProgress(process.stderr);
    throw new Ended(128 + constants.signals[stopped]);
  }
  if (plan.shell !== undefined) return exitCode ?? 1;
  if (exitCode === 0) return 0;
  if (exitCode !== undefined) throw new Ended(exitCode); // it has said why
  throw new CannotRun({
    what: 'the recording ended before it was complete',
    why: 'the process inside the namespaces was killed',
    mend: 'run it again',
  });
}
