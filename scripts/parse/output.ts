/** `client.out` → printed lines. Its form: record/output.ts. */
import type { z } from 'zod';
import type { OutputEvent } from '../model/event.ts';
import type { Problem } from '../model/problem.ts';

export function readOutput(text: string, source: string, host: string, startedNs: bigint) {
  const events: z.infer<typeof OutputEvent>[] = [];
  const problems: Problem[] = [];
  for (const [index, whole] of text.split('\n').entries()) {
    if (whole === '') continue;
    const line = index + 1;
    const parts = /^(\d+)\.(\d{9}) (stdout|stderr) (.*)$/.exec(whole);
    if (parts === null) {
      problems.push({ source, line, what: `not a stamped line: ${whole.slice(0, 60)}` });
      continue;
    }
    const atNs = Number(BigInt(`${parts[1]}${parts[2]}`) - startedNs);
    const stream = parts[3] === 'stdout' ? 'stdout' : 'stderr';
    const id = `${source}:${line}`;
    events.push({ kind: 'output', id, atNs, host, source, line, stream, text: parts[4] ?? '' });
  }
  return { events, problems };
}
