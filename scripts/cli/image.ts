/** `echolab image`: builds the image of Docker's hosts, which `lab` does by itself where there is none. */
import { buildImage } from '../hosts/docker-image.ts';
import { findEngine, isObstacle } from '../hosts/engine.ts';
import { CannotRun } from '../hosts/host.ts';
import { readFlags } from './usage.ts';

const help = `echolab image

  Builds the image of Docker's hosts anew: docker/Dockerfile on node:26-slim; where no registry answers, on a base
  made from this machine's own tools. LAB_BASE=IMAGE names another base.
`;

export async function run(args: string[]): Promise<number> {
  const { values } = readFlags(args, { help: { type: 'boolean', short: 'h', default: false } });
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  const engine = await findEngine();
  if (isObstacle(engine)) throw new CannotRun(engine);
  const name = await buildImage(engine.arch, (text) => process.stderr.write(`${text}\n`));
  process.stdout.write(`${name}\n`);
  return 0;
}
