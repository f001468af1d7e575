import { visible } from '../../paint.ts';
import { useApp } from './app-state.ts';
import { Certainty } from './Inspector.tsx';
import { chosenEntry, useLights } from './lights.ts';
import { formatMs, type Side } from './side.ts';
import { recordersOf } from './sources.ts';
import { VirtualRows } from './VirtualRows.tsx';

interface Props {
  readonly side: Side;
  readonly label: string;
  /** The events, by their place in the scene. */
  readonly places: readonly number[];
  /** Without recorders and meanings. */
  readonly brief?: boolean;
}

/** Events as a table: what the diagrams show, for reading and for those who do not see them. */
export function EventTable({ side, label, places, brief = false }: Props) {
  const { state, choose } = useApp();
  const lights = useLights([side]);
  const { scene, variant } = side;
  const begin = scene.length === 0 ? 0 : scene.entry(0).atNs;
  const chosen = variant === state.place.variant ? chosenEntry(scene, state.place.chosen)?.id : undefined;
  const at = chosen === undefined ? -1 : places.indexOf(scene.placeOf(chosen) ?? -1);
  const names = brief
    ? ['ms', 'host', 'event', 'because']
    : ['ms', 'host', 'recorder', 'event', 'because', 'meaning'];
  return (
    <VirtualRows
      class={`table ${brief ? 'brief' : ''}`}
      role="table"
      label={label}
      count={places.length}
      rowHeight={22}
      shown={at === -1 ? undefined : at}
      head={
        <div role="row" class="head">
          {names.map((name) => (
            <span key={name} role="columnheader" class={`of-${name}`}>
              {name}
            </span>
          ))}
        </div>
      }
      row={(n) => {
        const place = places[n];
        if (place === undefined) return null;
        const entry = scene.entry(place);
        const light = lights(side, entry.id);
        const cause = entry.kind === 'packet' ? entry.cause : undefined;
        const because =
          cause === undefined
            ? entry.kind === 'kernel' && entry.under !== undefined
              ? `in ${entry.under}`
              : ''
            : cause.by;
        return (
          <div key={entry.id} role="row" class={`row ${light}`} aria-rowindex={n + 1}>
            <span role="cell" class="of-ms">
              {formatMs(entry.atNs - begin)}
            </span>
            <span role="cell" class="of-host">
              {entry.host}
            </span>
            {!brief && (
              <span role="cell" class="of-recorder">
                {recordersOf(entry).join(' ')}
              </span>
            )}
            <span role="cell" class="of-event">
              <button
                type="button"
                class="say"
                tabIndex={-1}
                data-event={entry.id}
                aria-pressed={light === 'chosen'}
                onClick={() => choose(entry.id, variant)}
              >
                {entry.fate === 'lost' ? '✕ ' : ''}
                {visible(entry.say.slice(0, 200))}
              </button>
            </span>
            <span role="cell" class="of-because">
              {because} {cause !== undefined && <Certainty certainty={cause.certainty} />}
            </span>
            {!brief && (
              <span role="cell" class="of-meaning">
                {visible((entry.means ?? '').slice(0, 200))}
              </span>
            )}
          </div>
        );
      }}
    />
  );
}
