/** A stretch of whole lines that calls keep, because their arguments and return are read when somebody asks for them. */
import { fromLatin1 } from './latin1.ts';

export interface Piece {
  /** Bytes outlive the text in one respect only: they are not JavaScript's heap, and cost its collector nothing. */
  readonly bytes: Uint8Array;
  /** Decoded when the first text of the piece is asked for. */
  text: string | undefined;
}

const none = new Uint8Array(0);

/** A copy: the owner of `bytes` may fill them anew. */
export function pieceOf(bytes: Uint8Array): Piece {
  return { bytes: bytes.slice(), text: undefined };
}

export function pieceOfText(text: string): Piece {
  return { bytes: none, text };
}

/** Offsets into the piece's bytes are places in this text. */
export function textOf(piece: Piece): string {
  return (piece.text ??= fromLatin1(piece.bytes));
}
