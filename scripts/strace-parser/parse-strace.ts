import type { StraceEvent } from './event.ts';
import { toBytes } from './latin1.ts';
import { createReader, type ReadOptions } from './reader.ts';

/**
 * Reads a whole log: text, or bytes as strace wrote them.
 *
 * Events come in the order in which the log completes them: an interrupted call stands where its second half does,
 * calls that never returned at the end of their thread or of the log. Sort by `line` for the order of beginnings.
 * Offsets (`start`, `end`) count bytes; for text, of its Latin-1 form, or UTF-8 where it holds characters above U+00FF.
 * Never throws: a line it cannot read is a `problem`.
 */
export function parseStrace(log: string | Uint8Array, options?: ReadOptions): StraceEvent[] {
  const reader = createReader(options);
  const bytes = typeof log === 'string' ? toBytes(log) : log;
  return [...reader.read(bytes), ...reader.end()];
}
