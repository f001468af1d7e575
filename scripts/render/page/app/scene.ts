/** A recorded scene, opened: its events, what belongs together, and the lines of its recordings. */
import { refer } from '../../ledger.ts';
import { unpackLines } from '../data/lines.ts';
import { unpack } from '../data/packed.ts';
import type { Entry, RecordedFile, SceneBody, SceneHead, StepCell } from '../data/report.ts';
import { piece } from './stored.ts';

export interface Scene {
  readonly head: SceneHead;
  readonly length: number;
  /** In order of time. */
  readonly entry: (n: number) => Entry;
  readonly find: (id: string) => Entry | undefined;
  readonly placeOf: (id: string) => number | undefined;
  /** The event that a line of a recording tells of; of a packet every sighting. */
  readonly at: (source: string, line: number) => Entry | undefined;
  readonly steps: readonly StepCell[];
  readonly files: readonly RecordedFile[];
  /** Lines of a text, with their numbers. Opened when first asked for. */
  readonly linesOf: (name: string) => Promise<readonly Line[]>;
  readonly bytesOf: (name: string) => Uint8Array | undefined;
  /** Event ids by the event that they point to. */
  readonly pointing: (id: string) => readonly string[];
}

export interface Line {
  readonly number: number;
  readonly text: string;
}

const openValues = piece<readonly unknown[]>('values');
const openForms = piece<readonly string[]>('forms');
const scenes = new Map<number, Promise<Scene>>();
const openScenes = new Map<number, Scene>();

/** Only if it is open already. */
export const openedScene = (place: number | undefined): Scene | undefined => openScenes.get(place ?? -1);

export function openScene(place: number, heads: readonly SceneHead[]): Promise<Scene> {
  const known = scenes.get(place) ?? load(place, heads[place]);
  scenes.set(place, known);
  return known;
}

async function load(place: number, head: SceneHead | undefined): Promise<Scene> {
  if (head === undefined) throw new Error(`no scene ${place}`);
  const [body, values] = await Promise.all([piece<SceneBody>(`scene-${place}`)(), openValues()]);
  const scene = sceneOf(head, body, values);
  openScenes.set(place, scene);
  return scene;
}

export function sceneOf(head: SceneHead, body: SceneBody, values: readonly unknown[]): Scene {
  const rowAt = unpack<Entry>(body.events, values);
  const entry = (n: number): Entry => {
    const row = rowAt(n);
    row.id ??= refer(row.source, row.line);
    return row;
  };
  const all = Array.from({ length: body.events.rows }, (_, n) => n);
  const places = once(() => new Map(all.map((n) => [entry(n).id, n])));
  const byLine = once(() => linesOfEvents(all.map(entry)));
  const pointing = once(() => pointers(all.map(entry)));
  const texts = new Map<string, Promise<readonly Line[]>>();
  return {
    head,
    length: body.events.rows,
    entry,
    placeOf: (id) => places().get(id),
    find: (id) => {
      const place = places().get(id);
      return place === undefined ? undefined : entry(place);
    },
    at: (source, line) => byLine().get(refer(source, line)),
    steps: body.steps,
    files: body.files,
    linesOf: (name) => {
      const known = texts.get(name) ?? readLines(body.files.find((file) => file.name === name));
      texts.set(name, known);
      return known;
    },
    bytesOf: (name) => {
      const file = body.files.find((one) => one.name === name);
      if (file === undefined || !('bytes' in file)) return undefined;
      return Uint8Array.from(file.bytes, (char) => char.charCodeAt(0));
    },
    pointing: (id) => pointing().get(id) ?? [],
  };
}

async function readLines(file: RecordedFile | undefined): Promise<readonly Line[]> {
  if (file === undefined || !('lines' in file)) return [];
  const forms = await openForms();
  return unpackLines(file.lines, forms).map((text, n) => ({ text, number: file.numbers?.[n] ?? n + 1 }));
}

function linesOfEvents(entries: readonly Entry[]): Map<string, Entry> {
  const found = new Map<string, Entry>();
  for (const entry of entries) {
    if (entry.kind === 'packet')
      for (const { source, line } of entry.sightings) found.set(refer(source, line), entry);
    else if (!found.has(refer(entry.source, entry.line))) found.set(refer(entry.source, entry.line), entry);
  }
  return found;
}

/** The events that an event names: its cause, who took it in, what it repeats, the call it happened under. */
export function namedBy(entry: Entry | undefined): string[] {
  const named =
    entry?.kind === 'packet'
      ? [entry.cause?.event, entry.receivedBy, entry.repeats]
      : entry?.kind === 'kernel'
        ? [entry.call, entry.packet]
        : [];
  return named.filter((id) => id !== undefined);
}

function pointers(entries: readonly Entry[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const entry of entries) {
    for (const id of new Set(namedBy(entry))) {
      const known = found.get(id);
      if (known === undefined) found.set(id, [entry.id]);
      else known.push(entry.id);
    }
  }
  return found;
}

function once<Result>(make: () => Result): () => Result {
  let made: { result: Result } | undefined;
  return () => (made ??= { result: make() }).result;
}
