/** For tests that need a tool which not every machine has: they skip aloud, and fail where skipping is forbidden (CI). */
import { execa } from 'execa';
import type { TestContext } from 'vitest';
import { checkNfLog } from '../record/nf-log.ts';

export async function needsTool(context: TestContext, name: string): Promise<void> {
  const { failed } = await execa(name, ['--version'], { reject: false, stdio: 'ignore' });
  if (failed) skipAloud(context, `${name} is not installed`);
}

/** Where a lab of root's writes LOG lines: in the network of the machine itself. /dev/kmsg is made for the test, see state.ts. */
export async function needsLog(context: TestContext): Promise<void> {
  const obstacle = await checkNfLog();
  if (obstacle !== undefined) skipAloud(context, `${obstacle.what}: ${obstacle.why}`);
}

/** @param why goes on from `this test must run here, and` */
export function skipAloud(context: TestContext, why: string): never {
  if (process.env['LAB_LIVE'] === 'required') throw new Error(`this test must run here, and ${why}`);
  return context.skip(why);
}
