/** Cuts a stream of chunks at newlines: pieces of whole lines, of bounded size unless a line is longer. */
export interface WholeLines {
  /** Calls `take` with pieces that end in a newline; keeps the rest for the next chunk. */
  add(chunk: Uint8Array, take: (piece: Uint8Array) => void): void;
  /** What is left: a last line without a newline. */
  rest(): Uint8Array;
}

/** Events keep the text of the piece they come from alive, so pieces are small. */
const pieceSize = 262_144;

export function createWholeLines(): WholeLines {
  let parts: Uint8Array[] = [];

  function addPiece(piece: Uint8Array, take: (piece: Uint8Array) => void): void {
    const end = piece.lastIndexOf(10) + 1;
    if (end === 0) {
      parts.push(piece.slice());
      return;
    }
    const whole = piece.subarray(0, end);
    take(parts.length === 0 ? whole : concatenate([...parts, whole]));
    parts = end < piece.length ? [piece.slice(end)] : [];
  }

  return {
    add(chunk, take) {
      for (let at = 0; at < chunk.length; at += pieceSize) addPiece(chunk.subarray(at, at + pieceSize), take);
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
