/**
 * What a program prints, line by line (`client.out`): `<epoch seconds>.<ns> <stream> <text>`. The stamp is when the
 * lab read the line, some tenths of a millisecond after write(2).
 */
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { nowNs } from './clock.ts';

export interface Output {
  /** Resolves once a line of standard output has begun with `start`; at once if one did. */
  printed(start: string): Promise<void>;
  recording(): Buffer;
}

export function recordOutput(streams: { stdout: Readable; stderr: Readable }): Output {
  const lines: string[] = [];
  const printed: string[] = [];
  const waiting: { start: string; resolve: () => void }[] = [];
  const follow = (name: 'stdout' | 'stderr') => {
    createInterface({ input: streams[name], crlfDelay: Infinity }).on('line', (text) => {
      lines.push(`${stamp(nowNs())} ${name} ${text}`);
      if (name !== 'stdout') return;
      printed.push(text);
      for (const waiter of waiting) if (text.startsWith(waiter.start)) waiter.resolve();
    });
  };
  follow('stdout');
  follow('stderr');
  return {
    printed: (start) =>
      new Promise((resolve) => {
        if (printed.some((text) => text.startsWith(start))) resolve();
        else waiting.push({ start, resolve });
      }),
    recording: () => Buffer.from(lines.map((line) => `${line}\n`).join('')),
  };
}

const stamp = (ns: bigint) => `${ns / 1_000_000_000n}.${String(ns % 1_000_000_000n).padStart(9, '0')}`;
