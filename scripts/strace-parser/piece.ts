/** A few lines that calls keep, because their arguments and return are read when somebody asks for them. */
import { fromLatin1 } from './latin1.ts';

export interface Piece {
  /** Shared by the pieces of one stretch of the log. They are not JavaScript's heap, and cost its collector nothing. */
  readonly bytes: Uint8Array;
  /** The piece is `[from, to)` of `bytes`. */
  readonly from: number;
  readonly to: number;
  /** Decoded when the first text of the piece is asked for. */
  text: string | undefined;
}

const none = new Uint8Array(0);

export function pieceOfText(text: string): Piece {
  return { bytes: none, from: 0, to: 0, text };
}

/** Offsets into the piece's bytes, less its `from`, are places in this text. */
export function textOf(piece: Piece): string {
  return (piece.text ??= fromLatin1(piece.bytes.subarray(piece.from, piece.to)));
}
