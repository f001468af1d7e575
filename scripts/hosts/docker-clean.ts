/**
 * Removes what dead labs have left in the engine. That is nothing, as a rule: process 1 of every container lives on
 * its lab's pipe. What stays after a crash of the engine is found by label and removed here.
 *
 * A lab is dead if its process is gone, which only its own machine can say. Of another machine's labs only stopped
 * containers are removed: a live lab has none.
 */
import { z } from 'zod';
import { label, machine } from './docker-labels.ts';
import { docker } from './engine.ts';

const Found = z.object({ ID: z.string(), Names: z.string(), State: z.string(), Labels: z.string() });

/** Gives the names of the containers it removed; where no engine answers there is nothing to remove. */
export async function cleanDocker(): Promise<string[]> {
  const { failed, stdout } = await docker([
    'ps',
    '--all',
    '--no-trunc',
    '--filter',
    `label=${label}=1`,
    '--format',
    '{{json .}}',
  ]);
  if (failed) return [];
  const here = machine();
  const leftovers = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => Found.parse(JSON.parse(line)))
    .filter(({ State: state, Labels: text }) => {
      const labelled = (key: string) => new RegExp(`(?:^|,)${label}\\.${key}=([^,]*)`).exec(text)?.[1];
      const stopped = state === 'exited' || state === 'dead';
      return stopped || (labelled('machine') === here && !isAlive(Number(labelled('pid'))));
    });
  if (leftovers.length === 0) return [];
  // One that ends by itself meanwhile makes the call fail, and is gone all the same.
  await docker(['rm', '--force', ...leftovers.map(({ ID }) => ID)]);
  return leftovers.map(({ Names }) => Names);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives, as somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
