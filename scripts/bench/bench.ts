/**
 * `make bench`: what the recorders cost. Whole labs, with and without recorders, in turn, so that a machine that
 * slows down slows both; the figures to quote are the medians and the median of the ratios. Then the page of 100,000
 * events (page.ts), and the parser (scripts/strace-parser/bin/bench.ts).
 */
import { execa } from 'execa';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mainFile } from '../cli/project.ts';
import { findEngine, isObstacle } from '../hosts/engine.ts';

const help = `make bench [ARGS=ROUNDS]

  Measures what the recorders cost on this machine, what the page of 100,000 events takes, and the parser's speed.
  ROUNDS is 7; a round is three labs (four where a Docker engine answers), one of them without recorders.
`;
const [wanted = '7'] = process.argv.slice(2);
const rounds = Number(wanted);
if (!(Number.isInteger(rounds) && rounds > 0)) {
  process.stdout.write(help);
  process.exit(['--help', '-h'].includes(wanted) ? 0 : 2);
}
const traces = await mkdtemp(join(tmpdir(), 'echolab-bench-'));

/** Wall time of a whole lab in seconds. */
async function time(backend: 'namespaces' | 'docker', ...args: string[]): Promise<number> {
  return timeWith({ LAB_BACKEND: backend }, ...args);
}

async function timeWith(env: Readonly<Record<string, string>>, ...args: string[]): Promise<number> {
  const begun = performance.now();
  const { failed, all } = await execa(process.execPath, [mainFile, ...args], {
    ...{ env, stdin: 'ignore', all: true, reject: false },
  });
  // A figure of a lab that went wrong is none.
  if (failed) throw new Error(`a lab failed, ${JSON.stringify(env)} ${args.join(' ')}:\n${all}`);
  return (performance.now() - begun) / 1000;
}

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
const range = (numbers: readonly number[]) =>
  [Math.min(...numbers), median(numbers), Math.max(...numbers)]
    .map((n) => n.toFixed(2).padStart(6))
    .join(' ');

const recorded: number[] = [];
const withoutKernel: number[] = [];
const untraced: number[] = [];
const docker: number[] = [];
const engine = !isObstacle(await findEngine());
if (engine) await time('docker', 'lab', '--traces', traces); // builds the image
try {
  const warm = await time('namespaces', 'lab', '--traces', traces); // fills the file cache, and so takes longest
  const labs = engine ? 4 : 3;
  const most = Math.ceil((warm * rounds * labs) / 60);
  process.stderr.write(
    `${rounds} × ${labs} labs, at most ${most} min; then the page and the parser, some minutes more\n`,
  );
  for (let round = 1; round <= rounds; round += 1) {
    recorded.push(await time('namespaces', 'lab', '--traces', traces));
    withoutKernel.push(
      await timeWith({ LAB_BACKEND: 'namespaces', LAB_KERNEL: '0' }, 'lab', '--traces', traces),
    );
    untraced.push(await time('namespaces', 'lab', '--untraced'));
    if (engine) docker.push(await time('docker', 'lab', '--traces', traces));
    process.stderr.write(`round ${round} of ${rounds}\n`);
  }
} finally {
  await rm(traces, { recursive: true });
}
const kernelRatios = recorded.map((seconds, round) => seconds / (withoutKernel[round] ?? Number.NaN));
const ratios = recorded.map((seconds, round) => seconds / (untraced[round] ?? Number.NaN));

console.log(
  `${cpus().length} cores, Linux ${release()}, node ${process.versions.node}, ${rounds} rounds in turn`,
);
console.log('                                              min median    max');
console.log(`make lab: recorded, judged, printed  (s)   ${range(recorded)}    target ≤ 5`);
console.log(`the same without the kernel’s tracer  (s)   ${range(withoutKernel)}`);
console.log(`ratio of each round                        ${range(kernelRatios)}    target ≤ 1.25`);
console.log(`the same programs without recorders  (s)   ${range(untraced)}`);
console.log(`ratio of each round                        ${range(ratios)}    target ≤ 1.5`);
console.log(
  engine
    ? `make lab in Docker, image built      (s)   ${range(docker)}    target ≤ 10`
    : 'Docker: no engine answers, not measured',
);
const { benchPage } = await import('./page.ts'); // a browser's driver: not for --help
console.log((await benchPage(100_000)).join('\n'));
const parser = fileURLToPath(new URL('../strace-parser/bin/bench.ts', import.meta.url));
await execa(process.execPath, [parser], { stdio: 'inherit' });
