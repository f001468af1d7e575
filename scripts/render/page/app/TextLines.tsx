import { useEffect, useMemo, useState } from 'preact/hooks';
import { refer } from '../../ledger.ts';
import { visible } from '../../paint.ts';
import { useApp } from './app-state.ts';
import { foldLines } from './fold.ts';
import { useLights } from './lights.ts';
import type { Line } from './scene.ts';
import type { Side } from './side.ts';
import { VirtualRows } from './VirtualRows.tsx';

/** A line may hold 64 KiB of payload; the inspector has more of it. */
const longest = 600;

/** A recording that is text, line by line; control characters and marks that turn the text around show as numbers. */
export function TextLines({ side, name, line }: { side: Side; name: string; line: number | undefined }) {
  const { choose } = useApp();
  const lights = useLights([side]);
  const [lines, setLines] = useState<readonly Line[]>();
  const [unfolded, setUnfolded] = useState<ReadonlySet<number>>(new Set());
  useEffect(() => {
    void side.scene.linesOf(name).then(setLines);
  }, [side.scene, name]);
  const shown = useMemo(
    () => foldLines(side.scene, name, lines ?? [], unfolded, line),
    [side.scene, name, lines, unfolded, line],
  );
  if (lines === undefined) return <p class="empty">opening …</p>;
  if (lines.length === 0) return <p class="empty">{name} is empty.</p>;
  const at = shown.findIndex((one) => 'at' in one && lines[one.at]?.number === line);
  return (
    <VirtualRows
      class="text"
      label={name}
      count={shown.length}
      rowHeight={18}
      shown={at === -1 ? undefined : at}
      row={(n) => {
        const one = shown[n];
        if (one === undefined) return null;
        if ('fold' in one) {
          const title = one.fold > 0 ? `${one.fold} calls of the runtime’s own` : 'the runtime’s own calls';
          return (
            <div role="listitem" class="row fold" key={`f${one.from}`}>
              <button
                type="button"
                aria-expanded={one.fold === 0}
                onClick={() => setUnfolded(toggled(unfolded, one.from))}
              >
                {one.fold > 0 ? '▸' : '▾'} {title}
              </button>
            </div>
          );
        }
        const { number, text } = lines[one.at] ?? { number: 0, text: '' };
        const entry = side.scene.at(name, number);
        const light = number === line ? 'chosen' : entry === undefined ? '' : lights(side, entry.id);
        return (
          <div role="listitem" class={`row ${light}`} key={one.at}>
            <button
              type="button"
              class="line"
              tabIndex={-1}
              aria-pressed={light === 'chosen'}
              onClick={() => choose(refer(name, number))}
            >
              <span class="number">{number}</span>
              <span class="said">{visible(text.length > longest ? `${text.slice(0, longest)}…` : text)}</span>
            </button>
          </div>
        );
      }}
    />
  );
}

export function toggled(set: ReadonlySet<number>, one: number): ReadonlySet<number> {
  const copy = new Set(set);
  if (!copy.delete(one)) copy.add(one);
  return copy;
}
