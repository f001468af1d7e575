/** The table of `-c`, and of `-C` behind a log; of a program with processes of two kinds, one table for each. */

const title = /^System call usage summary for .* mode:$/;
const heading = /^ *(?:(?:% time|seconds|usecs\/call|shortest|longest|calls|errors|syscall) *)+$/;
const ruler = /^-{4,}(?: -{4,})+$/;
const row = /^ *(?:\d+(?:\.\d+)? +)+\S+$/;

export function isTableStart(line: string): boolean {
  return title.test(line) || (heading.test(line) && line.includes('syscall'));
}

export function isTableLine(line: string): boolean {
  return ruler.test(line) || row.test(line) || heading.test(line);
}

/** The last line of a table is its total. */
export function isTableEnd(line: string): boolean {
  return row.test(line) && line.endsWith(' total');
}

/** Cuts rows at the columns that the first line of dashes marks; an empty cell is an absent key. */
export function readTable(lines: readonly string[]): Readonly<Record<string, string>>[] {
  const dashes = lines.findIndex((line) => ruler.test(line));
  const columns = [...(lines[dashes] ?? '').matchAll(/-+/g)].map((found) => ({
    from: found.index,
    to: found.index + found[0].length,
  }));
  const names = columns.map(({ from, to }, n) =>
    cell(lines[dashes - 1] ?? '', from, to, n === columns.length - 1),
  );
  return lines
    .slice(dashes + 1)
    .filter((line) => !ruler.test(line))
    .map((line) => {
      const cells: Record<string, string> = {};
      for (const [n, { from, to }] of columns.entries()) {
        const text = cell(line, from, to, n === columns.length - 1);
        if (text !== '') cells[names[n] ?? String(n)] = text;
      }
      return cells;
    });
}

function cell(line: string, from: number, to: number, isLast: boolean): string {
  return line.slice(from, isLast ? undefined : to).trim();
}
