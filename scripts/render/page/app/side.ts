/** A variant in view, with its recording: the left column or the right one. */
import type { Scene } from './scene.ts';

export interface Side {
  /** `node-tcp` */
  readonly variant: string;
  readonly scene: Scene;
}

export const protocolOf = (variant: string): string => variant.split('-')[1] ?? '';

/** Milliseconds since the scene's first event, as it is read aloud. */
export function formatMs(ns: number): string {
  const ms = ns / 1e6;
  const digits = Math.abs(ms) < 10 ? 3 : Math.abs(ms) < 1000 ? 1 : 0;
  return ms.toFixed(digits);
}
