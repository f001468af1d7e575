/** Where a token stood. */
export interface Place {
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly pid?: number;
  readonly comm?: string;
  readonly startNs?: bigint;
  readonly syscallNumber?: number;
  readonly instructionPointer?: bigint;
}
