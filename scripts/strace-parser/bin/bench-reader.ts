/** One way to read a log, in a process of its own: bench-reader.ts WAY FILE prints milliseconds, lines and peak memory. */
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { readColumns, readStraceBatches } from '../index.ts';

const [, , way = 'columns', file = ''] = process.argv;

/** One buffer, filled again and again: what is read is copied or done with before the next chunk. */
function* chunksOf(name: string): Generator<Uint8Array> {
  const descriptor = openSync(name, 'r');
  const buffer = new Uint8Array(262_144);
  for (let size = readSync(descriptor, buffer); size > 0; size = readSync(descriptor, buffer)) {
    yield buffer.subarray(0, size);
  }
  closeSync(descriptor);
}

const source = chunksOf(file);
const start = performance.now();
let count = 0;
let parts = 0;
if (way === 'columns') {
  for await (const columns of readColumns(source)) count += columns.length;
} else {
  for await (const events of readStraceBatches(source)) {
    count += events.length;
    if (way !== 'trees') continue;
    for (const event of events) if (event.kind === 'call') parts += event.args.length;
  }
}
const ms = performance.now() - start;
// Not getrusage(2): its maximum is inherited from the process that forked this one.
const peakMB = Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024;
process.stdout.write(`${JSON.stringify({ way, ms, count, parts, peakMB })}\n`);
