/** Processes that tests have started and that are still there. */
import { readFile, readdir } from 'node:fs/promises';

/** The environment that test files' processes inherit: which suite, and of it which file, `1a2b scripts/x.test.ts`. */
export const marker = 'ECHOLAB_TESTS';

/** `sleep 100, of scripts/x.test.ts`, for each process of the suite's files. */
export async function leftovers(suite: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(pids.map((pid) => describe(pid, `${marker}=${suite} `)));
  return found.flat();
}

async function describe(pid: string, beginning: string): Promise<string[]> {
  const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
  const mark = environment.split('\0').find((one) => one.startsWith(beginning));
  if (mark === undefined) return [];
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  if (command === '') return []; // it has ended
  return [`${command.replaceAll('\0', ' ').trim()}, of ${mark.slice(beginning.length)}`];
}
