/** What `make fresh` prints of its steps. */
import { stripVTControlCharacters } from 'node:util';

export interface Row {
  readonly release: string;
  readonly user: string;
  /** `make lab`, as it was typed. */
  readonly command: string;
  readonly exitCode: number | undefined;
  readonly seconds: number;
  readonly result: string;
  readonly green: boolean;
  /** Where its output lies, unless it was green. */
  readonly log?: string;
}

/** `strace 6.1, node 18.20.4, npm 9.2.0` of a release. */
export type Versions = ReadonlyMap<string, string>;

/** The line that sums `make lab` or `make test` up: `129 met, 0 unmet, 4 unobserved`, `931 passed, 34 skipped`. */
export function summaryOf(output: string): string | undefined {
  const text = stripVTControlCharacters(output);
  const claims = /^\d+ met, \d+ unmet.*/m.exec(text)?.[0];
  // "      Tests  2 failed | 931 passed | 34 skipped (967)"
  const tests = /^ *Tests {2}(.*) \(\d+\)$/m.exec(text)?.[1]?.replaceAll(' | ', ', ');
  return tests ?? claims;
}

/** A refusal as every verb of this project words it: what, why, mend, and exit code 3, which make shows as its error. */
export function refusalOf(output: string): string | undefined {
  const refusal = /^(.+)\n {2}why {3}.+\n {2}mend {2}.+\nmake: \*\*\* .* Error 3$/m;
  return refusal.exec(stripVTControlCharacters(output))?.[1];
}

export function renderTable(rows: readonly Row[], versions: Versions): string {
  const head = ['release', 'user', 'command', 'exit', 's', 'result'];
  const cells = rows.map(({ release, user, command, exitCode, seconds, result, green }) => [
    ...[release, user, command, String(exitCode ?? 'killed'), seconds.toFixed(0)],
    `${green ? '✔' : '✘'} ${result}`,
  ]);
  const widths = head.map((word, n) => Math.max(word.length, ...cells.map((line) => line[n]?.length ?? 0)));
  const table = [head, ...cells].map((line) =>
    line
      .map((word, n) => word.padEnd(n === line.length - 1 ? 0 : (widths[n] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
  const tools = [...versions].map(([release, said]) => `${release}: ${said}`);
  const logs = rows.flatMap(({ log }) => (log === undefined ? [] : [`log: ${log}`]));
  return [...table, '', ...tools, ...logs].join('\n') + '\n';
}
