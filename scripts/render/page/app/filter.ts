/** Which events of a scene are shown: by recorder, host, protocol, call, and words. */
import type { Entry } from '../data/report.ts';
import type { Tab } from './app-state.ts';
import type { Scene } from './scene.ts';
import { recordersOf } from './sources.ts';

export interface Filter {
  readonly recorder: Tab | '';
  readonly host: string;
  readonly protocol: string;
  /** A call's name, or a tracepoint's. */
  readonly call: string;
  /** Words that must all stand in what the event says or means. */
  readonly query: string;
}

export const everything: Filter = { recorder: '', host: '', protocol: '', call: '', query: '' };

export function filtered(scene: Scene, filter: Filter): number[] {
  const words = filter.query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const all = Array.from({ length: scene.length }, (_, n) => n);
  if (words.length === 0 && Object.values(filter).every((value: string) => value === '')) return all;
  return all.filter((n) => fits(scene.entry(n), filter, words));
}

function fits(entry: Entry, { recorder, host, protocol, call }: Filter, words: readonly string[]): boolean {
  if (host !== '' && entry.host !== host) return false;
  if (recorder !== '' && !recordersOf(entry).includes(recorder)) return false;
  if (protocol !== '' && protocolOf(entry) !== protocol) return false;
  if (call !== '' && nameOf(entry) !== call) return false;
  const text = `${entry.id} ${entry.say} ${entry.means ?? ''}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

export const protocolOf = (entry: Entry): string | undefined => {
  if (entry.kind === 'packet') return entry.packet.protocol;
  return entry.kind === 'call' || entry.kind === 'socket' ? entry.protocol : undefined;
};

export const nameOf = (entry: Entry): string | undefined =>
  entry.kind === 'call' || entry.kind === 'kernel' ? entry.name : undefined;
