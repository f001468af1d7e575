/**
 * Speed and memory on a log of real programs: `node bin/bench.ts [FILE]`; without a FILE, bench-log.sh makes one of 100 MB.
 * Rounds are interleaved with `wc -l`, because a shared machine's numbers swing; the last column is the ratio to it.
 * Peers: PEERS names commands that read the log, separated by `;` (`PEERS='strace-parser-rs $LOG summary'`).
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createReader, scanColumns } from '../index.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const log = process.argv[2] ?? join(tmpdir(), 'strace-parser-bench.log');
if (!existsSync(log)) execFileSync('sh', [join(here, 'bench-log.sh'), log], { stdio: 'inherit' });
const megabytes = statSync(log).size / 1e6;
const bytes = new Uint8Array(readFileSync(log));
const rounds = Number(process.env['ROUNDS'] ?? 5);
const chunk = 1_048_576;

/** Each way returns what it counted, so that no work is dropped. */
const ways: Readonly<Record<string, () => number>> = {
  'wc -l': () => Number(execFileSync('wc', ['-l', log], { encoding: 'utf8' }).split(' ')[0]),
  columns: () => {
    let rows = 0;
    for (const columns of scanColumns(bytes)) rows += columns.length;
    return rows;
  },
  'objects, lazy arguments': () => readAll(false),
  'objects, full trees': () => readAll(true),
};

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

const times = new Map(Object.keys(ways).map((name) => [name, [] as number[]]));
for (const work of Object.values(ways).slice(1)) work();
for (let round = 0; round < rounds; round++) {
  for (const [name, work] of Object.entries(ways)) {
    const start = performance.now();
    work();
    times.get(name)?.push(performance.now() - start);
  }
}
for (const command of (process.env['PEERS'] ?? '').split(';').filter((text) => text !== '')) {
  const start = performance.now();
  const { status } = spawnSync('sh', ['-c', command], { stdio: 'ignore', env: { ...process.env, LOG: log } });
  times.set(status === 0 ? command : `${command} (exit ${status ?? 'by signal'})`, [
    performance.now() - start,
  ]);
}

const base = median(times.get('wc -l') ?? []);
process.stdout.write(
  `${cpus()[0]?.model ?? 'unknown CPU'}, Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}, `,
);
process.stdout.write(`${megabytes.toFixed(0)} MB, median of ${rounds} interleaved rounds\n`);
for (const [name, list] of times) {
  const ms = median(list);
  const speed = (megabytes / ms) * 1000;
  process.stdout.write(
    `${name.padEnd(28)} ${speed.toFixed(0).padStart(6)} MB/s  ${(ms / base).toFixed(1).padStart(6)} x the time of wc -l\n`,
  );
}
for (const way of ['columns', 'lazy', 'trees']) {
  const text = execFileSync(process.execPath, [join(here, 'bench-reader.ts'), way, log], {
    encoding: 'utf8',
  });
  const [, ms = '', peakMB = ''] = /"ms":([\d.]+).*"peakMB":([\d.]+)/.exec(text) ?? [];
  process.stdout.write(
    `streamed from the file: ${way.padEnd(8)} ${((megabytes / Number(ms)) * 1000).toFixed(0).padStart(5)} MB/s, peak memory ${Number(peakMB).toFixed(0)} MB\n`,
  );
}
