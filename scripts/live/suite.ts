/** Runs around all tests: at the end no process of theirs is left, and the machine is as it was. */
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { leftovers, marker } from './leftovers.ts';
import { differences, lookAtMachine } from '../hosts/machine.ts';

export default async function begin(): Promise<() => Promise<void>> {
  const suite = randomBytes(4).toString('hex');
  process.env[marker] = suite; // for the workers
  const before = await lookAtMachine();
  return async () => {
    let found: string[] = [];
    for (let tries = 0; tries < 25; tries += 1) {
      found = [
        ...(await leftovers(suite)).map((one) => `still runs: ${one}`),
        ...differences(before, await lookAtMachine()),
      ];
      if (found.length === 0) return;
      await pause(200);
    }
    throw new Error(`the tests changed the machine:\n  ${found.join('\n  ')}`);
  };
}
