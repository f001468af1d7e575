/** The recordings of a scene for the page: each whole, but of the kernel's trace the lines that became events. */
import type { Timeline } from '../../../correlate/timeline.ts';
import { logLines, type Files } from '../../../judge/run.ts';
import { explainFunction } from '../../../explain/functions.ts';
import { latin1 } from '../../../parse/bytes.ts';
import { everyCall, readGraph } from '../../../parse/kernel-graph.ts';
import { packLines, type Forms } from './lines.ts';
import type { RecordedFile } from './report.ts';

export function recordedFiles(timeline: Timeline, files: Files, forms: Forms): RecordedFile[] {
  return [...files].map(([name, bytes]) => {
    if (name.endsWith('.nflog.pcap'))
      return { name, lines: packLines(filled(logLines(bytes, name, timeline.scene.hosts)), forms) };
    if (name.endsWith('.pcap')) return { name, bytes: latin1(bytes) };
    const lines = new TextDecoder().decode(bytes).split('\n');
    if (lines.at(-1) === '') lines.pop();
    if (name === 'kernel.graph')
      return { name, lines: packLines(lines, forms), functions: functionsIn(lines.join('\n'), name) };
    if (name !== 'kernel.trace') return { name, lines: packLines(lines, forms) };
    const numbers = excerpt(timeline, lines);
    return {
      name,
      lines: packLines(
        numbers.map((number) => lines[number - 1] ?? ''),
        forms,
      ),
      numbers,
    };
  });
}

function functionsIn(text: string, source: string): Record<string, string> {
  const names = new Set(Array.from(everyCall(readGraph(text, source).roots), ({ name }) => name));
  return Object.fromEntries([...names].map((name) => [name, explainFunction(name)?.means ?? '']));
}

/** Most of the kernel's trace is entries and exits of calls that strace has too, and other programs' events. */
function excerpt({ events }: Timeline, lines: readonly string[]): number[] {
  const numbers = events.flatMap((event) => {
    if (event.kind !== 'kernel') return [];
    let end = event.line;
    while (/^ => |<stack trace>$/.test(lines[end] ?? '')) end += 1;
    return Array.from({ length: end - event.line + 1 }, (_, n) => event.line + n);
  });
  return [...new Set(numbers)].toSorted((one, other) => one - other);
}

/** Frames of another host than the scene's have no line. */
const filled = (lines: readonly string[]): string[] =>
  Array.from(lines, (line: string | undefined) => line ?? '');
