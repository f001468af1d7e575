/** A recorded scene, opened: its events, what belongs together, and the lines of its recordings. */
import { refer } from '../../ledger.ts';
import { unpackLines } from '../data/lines.ts';
import { unpack } from '../data/packed.ts';
import {
  filesPieceOf,
  pieceOf,
  type Entry,
  type RecordedFile,
  type SceneBody,
  type SceneHead,
  type StepCell,
} from '../data/report.ts';
import { readReference } from './link.ts';
import { piece } from './stored.ts';

export interface Scene {
  readonly head: SceneHead;
  readonly length: number;
  /** In order of time. */
  readonly entry: (n: number) => Entry;
  /** One field of an event, without making the event. */
  readonly cell: Cell;
  readonly find: (id: string) => Entry | undefined;
  readonly placeOf: (id: string) => number | undefined;
  /** The event that a line of a recording tells of; of a packet every sighting. */
  readonly at: (source: string, line: number) => Entry | undefined;
  readonly placeAt: (source: string, line: number) => number | undefined;
  readonly steps: readonly StepCell[];
  readonly files: SceneBody['files'];
  /** Lines of a text, with their numbers. Opened when first asked for. */
  readonly linesOf: (name: string) => Promise<readonly Line[]>;
  /** What the functions of a function graph do, by name. */
  readonly functionsOf: (name: string) => Promise<ReadonlyMap<string, string>>;
  readonly bytesOf: (name: string) => Promise<Uint8Array>;
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
  const [body, values] = await Promise.all([piece<SceneBody>(pieceOf(place))(), openValues()]);
  const scene = sceneOf(head, body, values, piece<readonly RecordedFile[]>(filesPieceOf(place)));
  openScenes.set(place, scene);
  return scene;
}

/** @param open opens the recordings */
export function sceneOf(
  head: SceneHead,
  body: SceneBody,
  values: readonly unknown[],
  open: () => Promise<readonly RecordedFile[]>,
): Scene {
  const { row, cell } = unpack<Entry>(body.events, values);
  const length = body.events.rows;
  const entry = (n: number): Entry => {
    const found = row(n);
    found.id ??= refer(found.source, found.line);
    return found;
  };
  const index = once(() => indexOf(length, entry, cell));
  const pointing = once(() => pointers(length, entry, cell));
  const placeOf = (id: string): number | undefined => {
    const reference = readReference(id);
    return index().byId.get(id) ?? (reference && index().byLine.get(reference.source)?.get(reference.line));
  };
  const entryAt = (place: number | undefined) => (place === undefined ? undefined : entry(place));
  const texts = new Map<string, Promise<readonly Line[]>>();
  return {
    ...{ head, length, entry, cell, placeOf },
    find: (id) => entryAt(placeOf(id)),
    placeAt: (source, line) => index().byLine.get(source)?.get(line),
    at: (source, line) => entryAt(index().byLine.get(source)?.get(line)),
    steps: body.steps,
    files: body.files,
    linesOf: (name) => {
      const known =
        texts.get(name) ?? open().then((files) => readLines(files.find((file) => file.name === name)));
      texts.set(name, known);
      return known;
    },
    functionsOf: async (name) => {
      const file = (await open()).find((one) => one.name === name);
      return new Map(Object.entries(file !== undefined && 'functions' in file ? file.functions : {}));
    },
    bytesOf: async (name) => {
      const file = (await open()).find((one) => one.name === name);
      return file !== undefined && 'bytes' in file
        ? Uint8Array.from(file.bytes, (char) => char.charCodeAt(0))
        : new Uint8Array();
    },
    pointing: (id) => pointing().get(id) ?? [],
  };
}

type Cell = ReturnType<typeof unpack<Entry>>['cell'];

/** Places of events by the line that tells of them; of those whose id says more than that, by the id. */
function indexOf(length: number, entry: (n: number) => Entry, cell: Cell) {
  const byId = new Map<string, number>();
  const byLine = new Map<string, Map<number, number>>();
  const add = (source: string, line: number, place: number) => {
    const lines = byLine.get(source) ?? new Map<number, number>();
    if (lines.size === 0) byLine.set(source, lines);
    if (!lines.has(line)) lines.set(line, place);
  };
  for (let n = 0; n < length; n += 1) {
    const [id, source, line] = [cell('id', n), cell('source', n), cell('line', n)];
    if (typeof id === 'string') byId.set(id, n);
    const event = cell('kind', n) === 'packet' ? entry(n) : undefined;
    if (event?.kind === 'packet')
      for (const sighting of event.sightings) add(sighting.source, sighting.line, n);
    else if (typeof source === 'string' && typeof line === 'number') add(source, line, n);
  }
  return { byId, byLine };
}

async function readLines(file: RecordedFile | undefined): Promise<readonly Line[]> {
  if (file === undefined || !('lines' in file)) return [];
  const forms = await openForms();
  return unpackLines(file.lines, forms).map((text, n) => ({ text, number: file.numbers?.[n] ?? n + 1 }));
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

function pointers(length: number, entry: (n: number) => Entry, cell: Cell): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (let n = 0; n < length; n += 1) {
    // Only packets and the kernel's events name others.
    if (cell('kind', n) !== 'packet' && cell('kind', n) !== 'kernel') continue;
    const event = entry(n);
    for (const id of new Set(namedBy(event))) {
      const known = found.get(id);
      if (known === undefined) found.set(id, [event.id]);
      else known.push(event.id);
    }
  }
  return found;
}

function once<Result>(make: () => Result): () => Result {
  let made: { result: Result } | undefined;
  return () => (made ??= { result: make() }).result;
}
