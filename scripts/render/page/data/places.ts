/** A list in which everything stands once and is told by its place. */
export interface Places<Value> {
  readonly list: readonly Value[];
  readonly placeOf: (value: Value) => number;
}

/** @param keyOf equal for values that are the same */
export function openPlaces<Value>(keyOf: (value: Value) => unknown): Places<Value> {
  const list: Value[] = [];
  const places = new Map<unknown, number>();
  return {
    list,
    placeOf(value) {
      const key = keyOf(value);
      const known = places.get(key);
      if (known !== undefined) return known;
      places.set(key, list.length);
      return list.push(value) - 1;
    },
  };
}
