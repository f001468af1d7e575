/** Which recordings go into which tab, and where an event stands in them. */
import type { Entry } from '../data/report.ts';
import { readReference } from './link.ts';
import type { Tab } from './app-state.ts';

export function tabOf(name: string): Tab {
  if (name.endsWith('.strace')) return 'strace';
  if (name === 'kernel.log' || name.endsWith('.nflog.pcap')) return 'LOG';
  if (name.endsWith('.pcap')) return 'packets';
  if (name === 'kernel.trace') return 'kernel';
  if (name === 'kernel.graph') return 'graph';
  return name.endsWith('.out') ? 'output' : 'state';
}

/** `client`; undefined where a recording is of all hosts. */
export const hostOf = (name: string): string | undefined => {
  const [host] = name.split('.');
  return host === 'kernel' ? undefined : host;
};

/** The recorders that saw an event: strace, packets, LOG, … */
export const recordersOf = (entry: Entry): Tab[] =>
  entry.kind === 'packet'
    ? [...new Set(entry.sightings.map(({ source }) => tabOf(source)))]
    : [tabOf(entry.source)];

export interface RawLine {
  readonly source: string;
  readonly line: number;
}

/** The lines that say it, the first recorder's first. */
export function linesOf(entry: Entry | undefined, chosen: string | undefined): RawLine[] {
  if (entry?.kind === 'packet') return entry.sightings.map(({ source, line }) => ({ source, line }));
  if (entry !== undefined) return [{ source: entry.source, line: entry.line }];
  const reference = chosen === undefined ? undefined : readReference(chosen);
  return reference === undefined ? [] : [reference];
}
