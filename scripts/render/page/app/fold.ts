/** A runtime makes hundreds of calls before a program's own first one: those become one line that can be unfolded. */
import type { Line, Scene } from './scene.ts';

export type Shown =
  { readonly at: number } | { readonly fold: number; readonly from: number; readonly until: number };

/** Fewer are not worth a line. */
const fewest = 6;

/**
 * @param unfolded the folds that are open, by the index of their first line
 * @returns lines by index, and folds of those from `from` up to, not including, `until`
 */
export function foldLines(
  scene: Scene,
  name: string,
  lines: readonly Line[],
  unfolded: ReadonlySet<number>,
  keep: number | undefined,
): Shown[] {
  if (!name.endsWith('.strace')) return lines.map((_, at) => ({ at }));
  const shown: Shown[] = [];
  let from = 0;
  const close = (until: number) => {
    const count = until - from;
    if (count >= fewest && !unfolded.has(from)) shown.push({ fold: count, from, until });
    else {
      if (count >= fewest) shown.push({ fold: 0, from, until });
      for (let at = from; at < until; at += 1) shown.push({ at });
    }
  };
  for (const [at, { number }] of lines.entries()) {
    if (!isOwn(scene, name, number) && number !== keep) continue;
    close(at);
    shown.push({ at });
    from = at + 1;
  }
  close(lines.length);
  return shown;
}

/** The program's own: on a socket of the network, or no call at all (a signal, an exit). */
function isOwn({ placeAt, cell }: Scene, name: string, number: number): boolean {
  const place = placeAt(name, number);
  if (place === undefined) return false;
  return (
    cell('kind', place) !== 'call' || cell('socket', place) !== undefined || cell('step', place) !== undefined
  );
}
