/**
 * Speed and memory on a log of real programs: `node bin/bench.ts [FILE]`; without a FILE, bench-log.sh makes one of 100 MB.
 *
 * Rounds are interleaved with `wc -l`, because a shared machine's numbers swing. Wall time is what a user waits; the time
 * of the thread on its processor says what the code costs where other programs take their share. ROUNDS is 7.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createReader, scanColumns } from '../index.ts';
import { measurePeers } from './bench-peers.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const log = process.argv[2] ?? join(tmpdir(), 'strace-parser-bench.log');
if (!existsSync(log)) execFileSync('sh', [join(here, 'bench-log.sh'), log], { stdio: 'inherit' });
const megabytes = statSync(log).size / 1e6;
const bytes = new Uint8Array(readFileSync(log));
const rounds = Number(process.env['ROUNDS'] ?? 7);
const chunk = 65_536;

interface Way {
  readonly name: string;
  readonly target?: number;
  /** Returns what it counted, so that no work is dropped. */
  readonly work: () => number;
}

const ways: readonly Way[] = [
  { name: 'wc -l', work: () => Number.parseInt(execFileSync('wc', ['-l', log], { encoding: 'utf8' }), 10) },
  {
    name: 'columns',
    target: 700,
    work: () => {
      let rows = 0;
      for (const columns of scanColumns(bytes)) rows += columns.length;
      return rows;
    },
  },
  { name: 'one object per call, lazy arguments', target: 350, work: () => readAll(false) },
  { name: 'full argument trees', target: 100, work: () => readAll(true) },
];

function readAll(trees: boolean): number {
  const reader = createReader();
  let count = 0;
  for (let at = 0; at < bytes.length; at += chunk) {
    for (const event of reader.read(bytes.subarray(at, at + chunk))) {
      if (trees && event.kind === 'call') count += event.args.length;
      else count++;
    }
  }
  return count + reader.end().length;
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;
}

const wall = ways.map((): number[] => []);
const thread = ways.map((): number[] => []);
for (let round = -1; round < rounds; round++) {
  for (const [n, { work }] of ways.entries()) {
    const before = process.threadCpuUsage();
    const start = performance.now();
    work();
    const ms = performance.now() - start;
    const { user, system } = process.threadCpuUsage(before);
    if (round < 0) continue; // warms up
    wall[n]?.push(ms);
    thread[n]?.push((user + system) / 1000);
  }
}

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
const speed = (ms: number): string => ((megabytes / ms) * 1000).toFixed(0);
const load = loadavg()[0] ?? 0;
say(
  `${cpus()[0]?.model ?? 'unknown CPU'}, ${cpus().length} cores with a load of ${load.toFixed(1)}, Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}`,
);
say(`${megabytes.toFixed(0)} MB, medians of ${rounds} interleaved rounds, MB/s`);
say(`${''.padEnd(36)}   wall  thread  target  wall time, wc -l = 1`);
const base = median(wall[0] ?? []);
for (const [n, { name, target }] of ways.entries()) {
  const ms = median(wall[n] ?? []);
  const own = n === 0 ? '' : speed(median(thread[n] ?? [])); // wc is another process
  say(
    `${name.padEnd(36)} ${speed(ms).padStart(6)} ${own.padStart(7)} ${String(target ?? '').padStart(7)}  ${(ms / base).toFixed(1).padStart(6)}`,
  );
}

execFileSync(process.execPath, [join(here, 'build.ts')], { stdio: 'inherit' });
const times = Math.ceil(1000 / megabytes);
for (const way of ['columns', 'lazy', 'trees']) {
  const peaks = [1, times].map((n) => {
    const args = [join(here, 'bench-reader.js'), way, log, String(n)];
    const { peakMB }: { peakMB: number } = JSON.parse(
      execFileSync(process.execPath, args, { encoding: 'utf8' }),
    );
    return `${peakMB.toFixed(0)} MB for ${(n * megabytes).toFixed(0)} MB`;
  });
  say(`peak memory, ${way.padEnd(8)} ${peaks.join(', ')}`);
}
for (const line of measurePeers(log, megabytes)) say(line);
