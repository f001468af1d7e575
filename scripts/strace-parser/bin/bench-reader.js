/**
 * One way to read a log, in a process of its own: `bench-reader.js WAY FILE TIMES` prints milliseconds, events and peak
 * memory as JSON. The file is streamed TIMES times as one log. JavaScript, and the built package, because the part of
 * Node that reads TypeScript takes 16 MB itself.
 */
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { readColumns, readStraceBatches } from '../dist/index.js';

const [, , way = 'columns', file = '', times = '1'] = process.argv;

/** One buffer, filled again and again: what is read is copied or done with before the next chunk. */
function* chunks() {
  const buffer = new Uint8Array(65_536);
  for (let n = 0; n < Number(times); n++) {
    const descriptor = openSync(file, 'r');
    for (let size = readSync(descriptor, buffer); size > 0; size = readSync(descriptor, buffer)) {
      yield buffer.subarray(0, size);
    }
    closeSync(descriptor);
  }
}

const start = performance.now();
let count = 0;
let parts = 0;
if (way === 'columns') {
  for await (const columns of readColumns(chunks())) count += columns.length;
} else {
  for await (const events of readStraceBatches(chunks())) {
    for (const event of events) {
      count++;
      if (way === 'trees' && event.kind === 'call') parts += event.args.length;
    }
  }
}
const ms = performance.now() - start;
// Not getrusage(2): its maximum is inherited from the process that forked this one.
const peakMB = Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024;
process.stdout.write(`${JSON.stringify({ way, ms, count, parts, peakMB })}\n`);
