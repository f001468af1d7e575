import { labelOf } from '../../ledger.ts';
import { useApp } from './app-state.ts';
import { Inspector } from './Inspector.tsx';
import { chosenEntry } from './lights.ts';
import { Recordings } from './Recordings.tsx';
import { protocolOf, type Side } from './side.ts';

/** Below every view: the raw recordings of the variant that was chosen last, and what the chosen event means. */
export function Dock({ sides }: { sides: readonly Side[] }) {
  const { state, set } = useApp();
  const { lesson, scene } = state.place;
  const side = sides.find(({ variant }) => variant === state.place.variant) ?? sides[0];
  if (side === undefined) return <section class="dock" aria-label="Recordings" />;
  const entry = chosenEntry(side.scene, state.place.chosen);
  return (
    <section class="dock" aria-label="Recordings and meaning">
      <div class="recordings">
        <div class="switch sides" role="group" aria-label="Recordings of">
          {sides.map(({ variant }) => (
            <button
              key={variant}
              type="button"
              class={protocolOf(variant)}
              aria-pressed={variant === side.variant}
              onClick={() => set({ place: { lesson, scene, variant } })}
            >
              {labelOf(variant)}
            </button>
          ))}
        </div>
        <Recordings side={side} entry={entry} />
      </div>
      <Inspector side={side} entry={entry} />
    </section>
  );
}
