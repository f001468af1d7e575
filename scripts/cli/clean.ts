/** `echolab clean`: what a killed lab may have left. Its processes, namespaces and rules went with it. */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { cleanDocker } from '../hosts/docker-clean.ts';
import { sweepTracefs } from '../hosts/tracefs-here.ts';
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
  const done = [
    ...(await cleanDocker()).map((name) => `removed the container ${name}`),
    ...((await restoreNfLog()) ? ['put nf_log_all_netns back'] : []),
    ...(await sweepTracefs()).map((name) => `removed ${name}, an instance of the kernel’s tracer`),
    ...(await dropUnfinished()).map((name) => `removed the unfinished run ${name}`),
  ];
  if (done.length === 0) done.push('nothing to clean: no killed lab has left anything');
  process.stdout.write(`${done.join('\n')}\n`);
  return 0;
}

/** Gives the names of the runs that it removed. */
async function dropUnfinished(): Promise<string[]> {
  const local = join(projectFolder, 'traces/local');
  const names = existsSync(local) ? await readdir(local) : [];
  const unfinished = names.filter((name) => {
    const begun = Date.parse(name.slice(0, 23).replace(/T(\d\d)-(\d\d)-/, 'T$1:$2:') + 'Z');
    return !existsSync(join(local, name, 'run.json')) && Date.now() - begun > 60_000;
  });
  await Promise.all(unfinished.map((name) => dropRun(join(local, name))));
  return unfinished;
}
