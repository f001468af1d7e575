/** The table of `-c`, and of `-C` behind a log. */

const heading = /^ *(?:(?:% time|seconds|usecs\/call|shortest|longest|calls|errors|syscall) *)+$/;
const ruler = /^-{4,}(?: -{4,})+$/;

export function isTableHeading(line: string): boolean {
  return heading.test(line) && line.includes('syscall');
}

/** The last line of a table is its total, or whatever is no row. */
export function isTableRow(line: string): boolean {
  return ruler.test(line) || /^ *(?:\d+(?:\.\d+)? +)+\S+$/.test(line);
}

export function isTableEnd(line: string): boolean {
  return /^ *(?:\d+(?:\.\d+)? +)+total$/.test(line);
}

/** Cuts rows at the columns that the line of dashes marks; an empty cell is an absent key. */
export function readTable(lines: readonly string[]): Readonly<Record<string, string>>[] {
  const dashes = lines.find((line) => ruler.test(line));
  if (dashes === undefined) return [];
  const columns = [...dashes.matchAll(/-+/g)].map((found) => ({
    from: found.index,
    to: found.index + found[0].length,
  }));
  const names = columns.map(({ from, to }, n) => cell(lines[0] ?? '', from, to, n === columns.length - 1));
  return lines
    .slice(1)
    .filter((line) => !ruler.test(line))
    .map((line) => {
      const row: Record<string, string> = {};
      for (const [n, { from, to }] of columns.entries()) {
        const text = cell(line, from, to, n === columns.length - 1);
        if (text !== '') row[names[n] ?? String(n)] = text;
      }
      return row;
    });
}

function cell(line: string, from: number, to: number, isLast: boolean): string {
  return line.slice(from, isLast ? undefined : to).trim();
}
