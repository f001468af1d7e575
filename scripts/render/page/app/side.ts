/** A variant in view, with its recording: the left column or the right one. */
import type { Scene } from './scene.ts';

export interface Side {
  /** `node-tcp` */
  readonly variant: string;
  readonly scene: Scene;
}

export const protocolOf = (variant: string): string => variant.split('-')[1] ?? '';

/** Milliseconds to the microsecond, which is what all recorders print. */
export const formatMs = (ns: number): string => (ns / 1e6).toFixed(3);
