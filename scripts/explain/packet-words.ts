/** Pieces of sentences about packets. */
import { excerpt } from './reading.ts';

/** `10.0.0.2:9000` → `10.0.0.2 port 9000`. */
export const place = (endpoint: string): string => endpoint.replace(/:(\d+)$/, ' port $1');

/** `: "HELLO!!"`, if the bytes are text and were recorded. */
export const quoted = ({
  payloadLength,
  payload,
}: {
  payloadLength: number;
  payload?: string | undefined;
}): string => excerpt(payload, payloadLength);

/** A duration as a person would say it. */
export function duration(ns: number): string {
  if (ns < 1e6) return `${Math.round(ns / 1e3)} µs`;
  return ns < 1e9 ? `${Number((ns / 1e6).toPrecision(3))} ms` : `${Number((ns / 1e9).toPrecision(3))} s`;
}
