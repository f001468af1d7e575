import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { labelOf } from '../../ledger.ts';
import { useApp } from './app-state.ts';
import { EventTable } from './EventTable.tsx';
import { Sequence } from './Sequence.tsx';
import { sequenceOf } from './sequence.ts';
import { protocolOf, type Side } from './side.ts';

/** The sequence diagrams side by side, which scroll together; or the tables that say the same. */
export function Sequences({ sides }: { sides: readonly Side[] }) {
  const { state, set } = useApp();
  const box = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState({ top: 0, height: 800, width: 500 });
  useLayoutEffect(() => {
    const element = box.current?.closest<HTMLElement>('.view');
    if (element === null || element === undefined) return undefined;
    const measure = () =>
      setSeen({
        top: element.scrollTop,
        height: element.clientHeight,
        width: box.current?.clientWidth ?? 500,
      });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    element.addEventListener('scroll', measure, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', measure);
    };
  }, []);
  const width = Math.floor((seen.width - 20 * (sides.length - 1)) / Math.max(1, sides.length));
  return (
    <>
      <div class="options">
        <div class="switch" role="group" aria-label="Diagram or table">
          {[false, true].map((asTable) => (
            <button
              key={String(asTable)}
              type="button"
              aria-pressed={state.asTable === asTable}
              onClick={() => set({ asTable })}
            >
              {asTable ? 'Table' : 'Diagram'}
            </button>
          ))}
        </div>
        <div class="switch" role="group" aria-label="Spacing">
          {(['even', 'real'] as const).map((spacing) => (
            <button
              key={spacing}
              type="button"
              aria-pressed={state.spacing === spacing}
              disabled={state.asTable}
              onClick={() => set({ spacing })}
            >
              {spacing === 'even' ? 'Even spacing' : 'Spacing as in time'}
            </button>
          ))}
        </div>
        <span class="legend">● measured ○ inferred · ↻ sent again · ✕ dropped</span>
      </div>
      <div
        ref={box}
        class="sequences"
        style={{ gridTemplateColumns: `repeat(${sides.length}, minmax(0, 1fr))` }}
      >
        {sides.map((side) => (
          <section key={side.variant} aria-label={labelOf(side.variant)}>
            <h2 class={protocolOf(side.variant)}>{labelOf(side.variant)}</h2>
            {state.asTable ? (
              <EventTable
                side={side}
                label={`Sequence of ${labelOf(side.variant)}`}
                places={[
                  ...new Set(sequenceOf(side.scene).items.flatMap(({ id }) => side.scene.placeOf(id) ?? [])),
                ]}
                brief
              />
            ) : (
              <Sequence side={side} width={width} seen={seen} />
            )}
          </section>
        ))}
      </div>
    </>
  );
}
