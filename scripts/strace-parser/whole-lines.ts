/** Cuts a stream of chunks at newlines: pieces of whole lines, of bounded size unless a line is longer. */
export interface WholeLines {
  /** The pieces that this chunk completes; each ends in a newline. The rest waits for the next chunk. */
  add(chunk: Uint8Array): Generator<Uint8Array>;
  /** What is left: a last line without a newline. */
  rest(): Uint8Array;
}

/** Events keep the text of the piece they come from alive, so pieces are small. */
const pieceSize = 262_144;

export function createWholeLines(): WholeLines {
  let parts: Uint8Array[] = [];

  return {
    *add(chunk) {
      for (let at = 0; at < chunk.length; at += pieceSize) {
        const piece = chunk.subarray(at, at + pieceSize);
        const end = piece.lastIndexOf(10) + 1;
        // Parts are copies: the chunk's owner may fill it anew.
        if (end === 0) parts.push(piece.slice());
        else {
          const whole = piece.subarray(0, end);
          const before = parts;
          parts = end < piece.length ? [piece.slice(end)] : [];
          yield before.length === 0 ? whole : concatenate([...before, whole]);
        }
      }
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
