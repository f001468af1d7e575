/** Logs that arrive piece by piece: files, pipes, sockets, downloads. Memory grows with live threads alone. */
import { createColumns, type Columns } from './columns.ts';
import type { StraceEvent } from './event.ts';
import { toBytes } from './latin1.ts';
import { createReader, type ReadOptions } from './reader.ts';
import { scan } from './scan.ts';
import { createWholeLines } from './whole-lines.ts';

/** A Node stream, a web stream, or anything to be iterated; chunks may be cut anywhere. */
export type Source =
  AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string> | ReadableStream<Uint8Array | string>;

/** The events of a log, one by one, in the order of `parseStrace`. An error of the source is thrown on. */
export async function* readStrace(source: Source, options?: ReadOptions): AsyncGenerator<StraceEvent> {
  for await (const events of readStraceBatches(source, options)) yield* events;
}

/**
 * The same in batches, one for each chunk, because an `await` for each event costs more than reading it. A batch makes
 * each event when it is asked for; take what you need of it before you ask for the next batch.
 */
export async function* readStraceBatches(
  source: Source,
  options?: ReadOptions,
): AsyncGenerator<Iterable<StraceEvent>> {
  const reader = createReader(options);
  for await (const chunk of chunksOf(source)) {
    const events = reader.read(chunk);
    yield events;
    // Whoever left the batch early: the source may fill the chunk anew.
    for (const _ of events);
  }
  yield reader.end();
}

/**
 * The lines of a log as columns. Each batch is the same object, filled anew: take from it what you need before you ask
 * for the next. `columns.offset` is where its bytes begin in the log.
 */
export async function* readColumns(
  source: Source,
  columns: Columns = createColumns(),
): AsyncGenerator<Columns> {
  const wholeLines = createWholeLines();
  let offset = 0;
  for await (const chunk of chunksOf(source)) {
    for (const piece of wholeLines.add(chunk)) {
      yield* scanPiece(piece, offset, columns);
      offset += piece.length;
    }
  }
  const rest = wholeLines.rest();
  // A last line without its newline is scanned with one.
  if (rest.length > 0) yield* scanPiece(withNewline(rest), offset, columns);
}

/** The same, of bytes that are all there. */
export function* scanColumns(log: Uint8Array, columns: Columns = createColumns()): Generator<Columns> {
  const end = log.lastIndexOf(10) + 1;
  yield* scanPiece(log.subarray(0, end), 0, columns);
  if (end < log.length) yield* scanPiece(withNewline(log.subarray(end)), end, columns);
}

function* scanPiece(piece: Uint8Array, offset: number, columns: Columns): Generator<Columns> {
  for (let at = 0; at < piece.length;) {
    at = scan(piece, at, columns);
    columns.offset = offset;
    yield columns;
  }
}

function withNewline(rest: Uint8Array): Uint8Array {
  const line = new Uint8Array(new ArrayBuffer(rest.length + 65), 0, rest.length + 1);
  line.set(rest);
  line[rest.length] = 10;
  return line;
}

async function* chunksOf(source: Source): AsyncGenerator<Uint8Array> {
  for await (const chunk of iterable(source)) yield typeof chunk === 'string' ? toBytes(chunk) : chunk;
}

/** Safari's ReadableStream cannot be iterated. */
function iterable(source: Source): AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string> {
  if (Symbol.asyncIterator in source || Symbol.iterator in source) return source;
  return drain(source);
}

async function* drain(stream: ReadableStream<Uint8Array | string>): AsyncGenerator<Uint8Array | string> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    reader.releaseLock();
  }
}
