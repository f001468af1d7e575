/** For tests that need a tool which not every machine has: they skip aloud, and fail where skipping is forbidden (CI). */
import { execa } from 'execa';
import type { TestContext } from 'vitest';

export async function needsTool(context: TestContext, name: string): Promise<void> {
  const { failed } = await execa(name, ['--version'], { reject: false, stdio: 'ignore' });
  if (failed) skipAloud(context, `${name} is not installed`);
}

export function skipAloud(context: TestContext, why: string): never {
  if (process.env['LAB_LIVE'] === 'required') throw new Error(`this test must run here, and ${why}`);
  return context.skip(why);
}
