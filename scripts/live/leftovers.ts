/** Processes that tests have started and that are still there. */
import { readFile, readdir } from 'node:fs/promises';

/** In the environment of a test file's processes: its name. */
export const testFileVariable = 'ECHOLAB_TEST_FILE';

/** `sleep 100, of scripts/x.test.ts`, for each that is not this process or above it. */
export async function leftovers(): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(pids.map(describe));
  return found.flat();
}

async function describe(pid: string): Promise<string[]> {
  const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
  const file = environment.split('\0').find((one) => one.startsWith(`${testFileVariable}=`));
  if (file === undefined || file === `${testFileVariable}=`) return [];
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  if (command === '') return []; // it has ended
  return [`${command.replaceAll('\0', ' ').trim()}, of ${file.slice(testFileVariable.length + 1)}`];
}
