import { useEffect, useMemo, useState } from 'preact/hooks';
import { labelOf } from '../../ledger.ts';
import { useApp } from './app-state.ts';
import { EventTable } from './EventTable.tsx';
import { everything, filtered } from './filter.ts';
import { Filters } from './Filters.tsx';
import type { Side } from './side.ts';
import { Timeline } from './Timeline.tsx';

/** The timelines of all recorders, one above the other, and the events of the chosen variant as a table beside them. */
export function Timelines({ sides }: { sides: readonly Side[] }) {
  const { state } = useApp();
  const [chosen, setChosen] = useState(everything);
  useEffect(() => setChosen((before) => ({ ...before, query: state.query })), [state.query]);
  const places = useMemo(
    () => sides.map(({ scene }) => filtered(scene, chosen)),
    [sides.map(({ scene }) => scene.head.folder).join(' '), chosen],
  );
  const at = Math.max(
    0,
    sides.findIndex(({ variant }) => variant === state.place.variant),
  );
  const side = sides[at];
  return (
    <div class="timelines">
      <Filters sides={sides} filter={chosen} change={setChosen} count={places[at]?.length ?? 0} />
      <div class="tracks">
        {sides.map((one, n) => (
          <Timeline key={one.variant} side={one} places={places[n] ?? []} />
        ))}
      </div>
      {side !== undefined && (
        <EventTable side={side} label={`Events of ${labelOf(side.variant)}`} places={places[at] ?? []} />
      )}
    </div>
  );
}
