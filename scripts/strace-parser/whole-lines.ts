/** Cuts a stream of chunks at newlines: pieces of whole lines, of bounded size unless a line is longer. */
export interface WholeLines {
  /** The pieces that this chunk completes; each ends in a newline. The rest waits for the next chunk. */
  add(chunk: Uint8Array): Generator<Uint8Array>;
  /** What is left: a last line without a newline. */
  rest(): Uint8Array;
}

/** Events keep the text of the piece they come from alive, so pieces are small. */
const pieceSize = 32_768;

export function createWholeLines(): WholeLines {
  let parts: Uint8Array[] = [];

  return {
    *add(chunk) {
      let from = 0;
      if (parts.length > 0) {
        // Only the line that was cut is copied together.
        const end = chunk.indexOf(10) + 1;
        if (end > 0) {
          yield concatenate([...parts, chunk.subarray(0, end)]);
          parts = [];
          from = end;
        }
      }
      const whole = chunk.lastIndexOf(10) + 1;
      while (from < whole) {
        let to = Math.min(from + pieceSize, whole);
        if (to < whole) to = chunk.lastIndexOf(10, to - 1) + 1;
        if (to <= from) to = chunk.indexOf(10, from) + 1;
        yield chunk.subarray(from, to);
        from = to;
      }
      // The rest is a copy: the chunk's owner may fill it anew.
      if (from < chunk.length) parts.push(chunk.slice(from));
    },
    rest() {
      const left = concatenate(parts);
      parts = [];
      return left;
    },
  };
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
