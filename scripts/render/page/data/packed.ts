import { openPlaces, type Places } from './places.ts';

/**
 * Rows of like objects as columns: a run has tens of thousands of events, most of whose fields are small numbers or
 * values that come again and again. Numbers stay numbers, or the steps from one to the next where those are shorter;
 * every other value is told by its place in a list that all tables share.
 */
export interface Packed<Row extends object> {
  readonly rows: number;
  readonly columns: Readonly<Partial<Record<KeyOf<Row>, Column>>>;
}

/** Of a union the keys of any. */
type KeyOf<Row> = Row extends unknown ? Extract<keyof Row, string> : never;

export interface Column {
  readonly as: 'number' | 'step' | 'value';
  readonly cells: readonly number[];
  /** The rows that have the field, as steps from one to the next; absent where all have it. */
  readonly rows?: readonly number[];
}

/** Texts, and all else by its JSON, each once. */
export function openValues(): Places<unknown> {
  /** Stands for all values with that JSON, and is no text. */
  const byJson = new Map<string, object>();
  const known = new Map<object, object>();
  const keyOf = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    const seen = known.get(value);
    if (seen !== undefined) return seen;
    const json = JSON.stringify(value);
    const key = byJson.get(json) ?? value;
    byJson.set(json, key);
    known.set(value, key);
    return key;
  };
  return openPlaces(keyOf);
}

/** A field's values, and the rows that have it. */
interface Found {
  readonly rows: number[];
  readonly given: unknown[];
}

export function pack<Row extends object>(rows: readonly Row[], values: Places<unknown>): Packed<Row> {
  const found = new Map<string, Found>();
  for (let n = 0; n < rows.length; n += 1) {
    for (const [key, value] of Object.entries(rows[n] ?? {})) {
      if (value === undefined) continue;
      let field = found.get(key);
      if (field === undefined) found.set(key, (field = { rows: [], given: [] }));
      field.rows.push(n);
      field.given.push(value);
    }
  }
  const columns: unknown[][] = [...found].map(([key, field]) => [key, columnOf(field, rows.length, values)]);
  return { rows: rows.length, columns: Object.fromEntries(columns) };
}

function columnOf({ rows, given }: Found, length: number, values: Places<unknown>): Column {
  const sparse = rows.length < length ? { rows: stepsOf(rows) } : {};
  if (!given.every(isNumber))
    return { as: 'value', cells: given.map((value) => values.placeOf(value)), ...sparse };
  const steps = stepsOf(given);
  // Only whole numbers come back exactly when they are added up again.
  const exact = given.every(Number.isSafeInteger) && steps.every(Number.isSafeInteger);
  return exact && steps.join().length < given.join().length
    ? { as: 'step', cells: steps, ...sparse }
    : { as: 'number', cells: given, ...sparse };
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

const stepsOf = (numbers: readonly number[]): number[] =>
  numbers.map((one, n) => one - (numbers[n - 1] ?? 0));

export interface Rows<Row extends object> {
  /** A row again; made when it is first asked for. */
  readonly row: (n: number) => Row;
  /** One field of a row, without making the row. */
  readonly cell: (key: KeyOf<Row>, n: number) => unknown;
}

/** The caller says what the rows are. */
export function unpack<Row extends object>(
  { rows, columns }: Packed<Row>,
  values: readonly unknown[],
): Rows<Row> {
  const opened = new Map<string, unknown[]>();
  const open = (key: string, column: Column): unknown[] => {
    const known = opened.get(key) ?? cellsOf(column, rows, values);
    opened.set(key, known);
    return known;
  };
  const all = Object.entries<Column | undefined>(columns);
  const made: (Row | undefined)[] = Array.from({ length: rows });
  return {
    row(n) {
      const known = made[n];
      if (known !== undefined) return known;
      const fresh: Row = Object.create(Object.prototype);
      for (const [key, column] of all) {
        const value = column === undefined ? undefined : open(key, column)[n];
        if (value !== undefined) Reflect.set(fresh, key, value);
      }
      made[n] = fresh;
      return fresh;
    },
    cell(key, n) {
      const column = columns[key];
      return column === undefined ? undefined : open(key, column)[n];
    },
  };
}

function cellsOf({ as, cells, rows }: Column, length: number, values: readonly unknown[]): unknown[] {
  const found: unknown[] = Array.from({ length });
  let [row, last] = [-1, 0];
  for (const [n, cell] of cells.entries()) {
    row = rows === undefined ? n : (n === 0 ? 0 : row) + (rows[n] ?? 0);
    last = as === 'step' ? last + cell : cell;
    found[row] = as === 'value' ? values[cell] : last;
  }
  return found;
}
