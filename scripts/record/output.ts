/**
 * What a program prints, line by line (`client.out`): `<epoch seconds>.<ns> <stream> <text>`. The stamp is when the
 * lab read the line, some tenths of a millisecond after write(2).
 */
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { nowNs } from './clock.ts';

export interface Output {
  /** Resolves once a line of standard output has fitted; at once if one did. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  recording(): Buffer;
}

export function recordOutput(streams: { stdout: Readable; stderr: Readable }): Output {
  const lines: string[] = [];
  const printed: string[] = [];
  const waiting: { pattern: RegExp; resolve: (found: RegExpExecArray) => void }[] = [];
  const follow = (name: 'stdout' | 'stderr') => {
    createInterface({ input: streams[name], crlfDelay: Infinity }).on('line', (text) => {
      lines.push(`${stamp(nowNs())} ${name} ${text}`);
      if (name !== 'stdout') return;
      printed.push(text);
      for (const { pattern, resolve } of waiting) {
        const found = pattern.exec(text);
        if (found !== null) resolve(found);
      }
    });
  };
  follow('stdout');
  follow('stderr');
  return {
    printed: (pattern) =>
      new Promise((resolve) => {
        const found = printed.map((text) => pattern.exec(text)).find((one) => one !== null);
        if (found) resolve(found);
        else waiting.push({ pattern, resolve });
      }),
    recording: () => Buffer.from(lines.map((line) => `${line}\n`).join('')),
  };
}

const stamp = (ns: bigint) => `${ns / 1_000_000_000n}.${String(ns % 1_000_000_000n).padStart(9, '0')}`;
