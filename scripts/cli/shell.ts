/** `echolab shell`: a shell on a host of a standing pair, for typing the article's commands. */
import { resolve } from 'node:path';
import { runPlan } from './backend.ts';
import { projectFolder } from './project.ts';
import { drawTag } from './plan.ts';
import { noSuch, readFlags } from './usage.ts';

const help = `echolab shell [client|server] [--programs DIR]       (make shell HOST=client)

  Makes a pair of hosts, 10.0.0.1 and 10.0.0.2, with the LOG rules in place, and opens a shell on one of them. For a
  shell on the client both echo servers run on the server. The pair ends with the shell; another shell has another pair.
`;

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = readFlags(
    args,
    {
      programs: { type: 'string', default: resolve(projectFolder, 'lab') },
      help: { type: 'boolean', short: 'h', default: false },
    },
    true,
  );
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  const [host = 'client'] = positionals;
  if (host !== 'client' && host !== 'server') throw noSuch('host', host, ['client', 'server']);
  return runPlan({
    ...{
      lessons: [],
      folder: '',
      programs: resolve(values.programs),
      pairs: 1,
      strangers: 0,
    },
    ...{ tag: drawTag(), traced: true, shell: host },
  });
}
