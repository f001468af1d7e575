/** Two lists of steps side by side, and long runs of the same made short: for the terminal's table and the page's. */

/** Longest common subsequence by name; what is in one list only stands alone. */
export function align<Named extends { readonly name: string }>(
  one: readonly Named[],
  other: readonly Named[],
): [Named | undefined, Named | undefined][] {
  const common = Array.from({ length: one.length + 1 }, () =>
    Array.from({ length: other.length + 1 }, () => 0),
  );
  const at = (i: number, j: number) => common[i]?.[j] ?? 0;
  for (let i = one.length - 1; i >= 0; i -= 1) {
    for (let j = other.length - 1; j >= 0; j -= 1) {
      const row = common[i];
      if (row === undefined) continue;
      row[j] = one[i]?.name === other[j]?.name ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const pairs: [Named | undefined, Named | undefined][] = [];
  for (let i = 0, j = 0; i < one.length || j < other.length;) {
    if (i < one.length && j < other.length && one[i]?.name === other[j]?.name)
      pairs.push([one[i++], other[j++]]);
    else if (j >= other.length || (i < one.length && at(i + 1, j) >= at(i, j + 1)))
      pairs.push([one[i++], undefined]);
    else pairs.push([undefined, other[j++]]);
  }
  return pairs;
}

/** Of a long run of the same step the first three and the last. */
export function folded<Row extends { name: string }>(rows: readonly Row[]): (Row | { more: number })[] {
  const runs: Row[][] = [];
  for (const row of rows) {
    const last = runs.at(-1);
    if (last?.[0]?.name === row.name) last.push(row);
    else runs.push([row]);
  }
  return runs.flatMap((run) =>
    run.length < 7 ? run : [...run.slice(0, 3), { more: run.length - 4 }, ...run.slice(-1)],
  );
}
