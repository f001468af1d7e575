/** Other parsers of strace's output on the same log, as far as they are to be had on this machine. */
import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Lines beyond this many bytes would take the slowest peer minutes. */
const sampleSize = 2_000_000;

function sampleOf(log: string): string[] {
  const bytes = Buffer.alloc(sampleSize);
  const descriptor = openSync(log, 'r');
  const size = readSync(descriptor, bytes);
  closeSync(descriptor);
  return bytes.toString('latin1', 0, size).split('\n').slice(0, -1);
}

/**
 * b3-strace-parser, the only other one on npm. It is installed into a folder of its own for the time of the bench, as no
 * dependency of ours: with it comes nexe, a compiler of Node programs with a hundred packages, which only its build
 * needs. Here another package stands in for nexe.
 */
function measureB3(log: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'strace-parser-peer-'));
  try {
    const dependencies = { 'b3-strace-parser': '0.3.0' };
    const described = { private: true, dependencies, overrides: { nexe: 'npm:ms@2.1.3' } };
    writeFileSync(join(folder, 'package.json'), JSON.stringify(described));
    execFileSync('npm', ['install', '--ignore-scripts', '--loglevel=error'], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: 180_000,
    });
    const parser = createRequire(join(folder, 'package.json'))('b3-strace-parser/lib/parser.js');
    parser.initialize();
    const lines = sampleOf(log);
    const bytes = lines.reduce((sum, line) => sum + line.length + 1, 0);
    let read = 0;
    const start = performance.now();
    for (const line of lines) {
      try {
        parser.parseLine(line);
        read++;
      } catch {
        // It throws on each line that it cannot read; they are what is missing in `read`.
      }
    }
    const speed = bytes / 1000 / (performance.now() - start);
    const share = Math.round((read / lines.length) * 100);
    return `b3-strace-parser 0.3.0 (npm)  ${speed.toFixed(1).padStart(6)} MB/s, read ${share} % of the first ${lines.length} lines`;
  } catch (error) {
    return `b3-strace-parser: not measured, ${String(error).split('\n', 1)[0] ?? ''}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The Rust strace-parser's binary, whole process: nothing installs it here, RUST_STRACE_PARSER names it. */
function measureRust(log: string, megabytes: number): string {
  const command = process.env['RUST_STRACE_PARSER'];
  if (command === undefined) {
    return 'strace-parser (Rust): not measured, RUST_STRACE_PARSER names no built binary of it';
  }
  const start = performance.now();
  const { status } = spawnSync(command, [log, 'summary'], { stdio: 'ignore' });
  const speed = megabytes / ((performance.now() - start) / 1000);
  return status === 0
    ? `strace-parser (Rust), whole process  ${speed.toFixed(0)} MB/s`
    : `strace-parser (Rust): ${command} ended with ${status ?? 'a signal'}`;
}

export function measurePeers(log: string, megabytes: number): string[] {
  return [measureB3(log), measureRust(log, megabytes)];
}
