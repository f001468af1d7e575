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

/** `null`: the row has no such field. */
export interface Column {
  readonly as: 'number' | 'step' | 'value';
  readonly cells: readonly (number | null)[];
}

/** By their JSON, each once. */
export const openValues = (): Places<unknown> => openPlaces(JSON.stringify);

export function pack<Row extends object>(rows: readonly Row[], values: Places<unknown>): Packed<Row> {
  const found = new Map<string, unknown[]>();
  for (const [n, row] of rows.entries()) {
    for (const [key, value] of Object.entries(row)) {
      if (value === undefined) continue;
      const cells = found.get(key) ?? [];
      if (cells.length === 0) found.set(key, cells);
      cells[n] = value;
    }
  }
  const columns: unknown[][] = [...found].map(([key, cells]) => [key, columnOf(cells, rows.length, values)]);
  return { rows: rows.length, columns: Object.fromEntries(columns) };
}

function columnOf(found: readonly unknown[], length: number, values: Places<unknown>): Column {
  const cells = Array.from({ length }, (_, n) => found[n]);
  const numbers = cells.map((cell) => (typeof cell === 'number' && Number.isFinite(cell) ? cell : null));
  if (cells.some((cell, n) => cell !== undefined && numbers[n] === null))
    return { as: 'value', cells: cells.map((cell) => (cell === undefined ? null : values.placeOf(cell))) };
  const steps = stepsOf(numbers);
  // Only whole numbers come back exactly when they are added up again.
  const exact = [...numbers, ...steps].every((one) => one === null || Number.isSafeInteger(one));
  return exact && JSON.stringify(steps).length < JSON.stringify(numbers).length
    ? { as: 'step', cells: steps }
    : { as: 'number', cells: numbers };
}

function stepsOf(numbers: readonly (number | null)[]): (number | null)[] {
  let last = 0;
  return numbers.map((one) => {
    if (one === null) return null;
    const step = one - last;
    last = one;
    return step;
  });
}

/** The rows again; each is made when it is asked for. The caller says what they are. */
export function unpack<Row extends object>(
  { rows, columns }: Packed<Row>,
  values: readonly unknown[],
): (row: number) => Row {
  const read = Object.entries<Column | undefined>(columns).flatMap(([key, column]) =>
    column === undefined ? [] : [[key, cellsOf(column, values)] as const],
  );
  const made: (Row | undefined)[] = Array.from({ length: rows });
  return (n) => {
    const known = made[n];
    if (known !== undefined) return known;
    const fields: unknown[][] = read.flatMap(([key, cells]) =>
      cells[n] === undefined ? [] : [[key, cells[n]]],
    );
    const row: Row = Object.fromEntries(fields);
    made[n] = row;
    return row;
  };
}

function cellsOf({ as, cells }: Column, values: readonly unknown[]): unknown[] {
  let last = 0;
  return cells.map((cell) => {
    if (cell === null) return undefined;
    if (as === 'value') return values[cell];
    last = as === 'step' ? last + cell : cell;
    return last;
  });
}
