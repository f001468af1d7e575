/** `echolab clean`: what a killed lab may have left. Its processes, namespaces and rules went with it. */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { cleanDocker } from '../hosts/docker-clean.ts';
import { borrowTracefs } from '../hosts/tracefs-here.ts';
import { restoreNfLog } from '../record/nf-log.ts';
import { dropRun } from '../record/store.ts';
import { projectFolder } from './project.ts';
import { readFlags } from './usage.ts';

const help = `echolab clean

  Puts the kernel's nf_log_all_netns back, if a killed lab left it changed and no lab is recording.
  Removes what it left of the kernel's tracer, as the next lab would.
  Removes containers of labs that are dead; Docker itself removes them when a lab ends, however it ends.
  Removes unfinished runs (folders without a run.json, older than a minute) from traces/local.
`;

export async function run(args: string[]): Promise<number> {
  const { values } = readFlags(args, { help: { type: 'boolean', short: 'h', default: false } });
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  for (const name of await cleanDocker()) process.stdout.write(`removed the container ${name}\n`);
  await restoreNfLog();
  await sweepTracefs();
  const local = join(projectFolder, 'traces/local');
  const names = existsSync(local) ? await readdir(local) : [];
  for (const name of names) {
    const begun = Date.parse(name.slice(0, 23).replace(/T(\d\d)-(\d\d)-/, 'T$1:$2:') + 'Z');
    if (existsSync(join(local, name, 'run.json')) || !(Date.now() - begun > 60_000)) continue;
    await dropRun(join(local, name));
    process.stdout.write(`removed the unfinished run ${name}\n`);
  }
  return 0;
}

async function sweepTracefs(): Promise<void> {
  const found = await borrowTracefs();
  if ('mend' in found) return; // who cannot use it has left nothing there
  await using borrowed = found;
  await borrowed.tracefs.sweep();
}
