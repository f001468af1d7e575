/** `echolab run`: one program, by the project's own Node, on this machine itself and without recorders. */
import { existsSync } from 'node:fs';
import { CannotRun } from '../hosts/host.ts';
import { UsageError } from './usage.ts';

const help = `echolab run FILE [ARG...]       (make run FILE=lab/node/udp-server.ts ARGS='127.0.0.1 9000')

  Runs a program of lab/ by hand, whichever Node the machine has: this process becomes
  node FILE ARG..., with the same standard input and output, and ends as the program ends.
`;

export async function run([file = '', ...args]: string[]): Promise<number> {
  if (['', '--help', '-h'].includes(file)) {
    process.stdout.write(help);
    return file === '' ? 2 : 0;
  }
  if (!existsSync(file))
    throw new UsageError(`there is no program ${file}`, {
      mend: "name its file, for example make run FILE=lab/node/udp-server.ts ARGS='127.0.0.1 9000'",
    });
  if (process.execve === undefined)
    throw new CannotRun({
      what: 'a process cannot become another program here',
      why: `execve(2) is not there on ${process.platform}`,
      mend: `node ${file}, with a Node that is at least 24`,
    });
  delete process.env['NODE_COMPILE_CACHE']; // the program starts as node FILE would
  return process.execve(process.execPath, [process.execPath, file, ...args], process.env);
}
