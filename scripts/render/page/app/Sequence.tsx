import { useEffect, useMemo, useRef } from 'preact/hooks';
import { visible } from '../../paint.ts';
import { labelOf } from '../../ledger.ts';
import { useApp } from './app-state.ts';
import { chosenEntry, useLights } from './lights.ts';
import { SequenceItem } from './SequenceItem.tsx';
import { lanesOf } from './lanes.ts';
import { denseHeight, lineHeight, placesOf, sequenceOf } from './sequence.ts';
import { formatMs, type Side } from './side.ts';
import { firstFrom } from './sorted.ts';

interface Props {
  readonly side: Side;
  readonly width: number;
  /** What of the view is seen, in pixels; of a long diagram only that is drawn. Absent on paper: all of it. */
  readonly seen?: { readonly top: number; readonly height: number };
  /** Of a long diagram only so many lines. */
  readonly most?: number;
}

const spare = 300;

/** Programs and kernels as lanes, the wire between them, time downwards. */
export function Sequence({ side, width, seen, most = Infinity }: Props) {
  const { state } = useApp();
  const lights = useLights([side]);
  const { items: all, spans } = useMemo(() => sequenceOf(side.scene), [side.scene]);
  const items = useMemo(() => (all.length > most ? all.slice(0, most) : all), [all, most]);
  const onPaper = seen === undefined;
  const spacing = onPaper ? 'even' : state.spacing;
  const least = onPaper ? denseHeight : lineHeight;
  const places = useMemo(() => placesOf(items, spacing, least), [items, spacing, least]);
  const lanes = useMemo(() => lanesOf(side.scene.head.hosts, width), [side.scene, width]);
  const height = (places.at(-1) ?? 0) + 18;
  const [first, last] =
    seen === undefined
      ? [0, items.length]
      : [firstFrom(places, seen.top - spare), firstFrom(places, seen.top + seen.height + spare)];
  const begin = items[0]?.atNs ?? 0;
  const box = useRef<HTMLDivElement>(null);
  const { variant, chosen } = state.place;
  useEffect(() => {
    const view = onPaper || variant !== side.variant ? undefined : box.current?.closest('.view');
    const id = chosenEntry(side.scene, chosen)?.id;
    const place = places[items.findIndex((item) => item.id === id)];
    if (view === undefined || view === null || place === undefined) return;
    // Below the names of the lanes, and not where the view ends.
    const top = place + (box.current?.offsetTop ?? 0) - 60;
    if (top < view.scrollTop || top > view.scrollTop + view.clientHeight - 120)
      view.scrollTo({ top: top - 60 });
  }, [chosen, variant, side.scene, spacing]);
  return (
    <div ref={box} class="sequence">
      <svg class="lane-names" width={width} height={34} aria-hidden="true">
        {lanes.list.map(({ x, names }) => (
          <text key={x} x={x} y={13} text-anchor="middle">
            {names.map((name, n) => (
              <tspan key={name} x={x} dy={n === 0 ? 0 : 14}>
                {name}
              </tspan>
            ))}
          </text>
        ))}
      </svg>
      <svg
        width={width}
        height={height}
        role="group"
        aria-label={`Sequence diagram of ${labelOf(side.variant)}`}
      >
        {lanes.list.map(({ x, names }) => (
          <line key={x} class={`lane ${names.at(-1) ?? ''}`} x1={x} x2={x} y1={0} y2={height} />
        ))}
        {spans
          .filter(({ from, until }) => from < last && until >= first && from < items.length)
          .map(({ host, from, until }) => (
            <rect
              key={from}
              class="span"
              x={lanes.program(host) - 3}
              width={6}
              y={places[from] ?? 0}
              height={(places[until] ?? height) - (places[from] ?? 0)}
            />
          ))}
        {items.slice(first, last).map((item, n) => (
          <g key={`${item.id} ${item.kind}`} transform={`translate(0 ${places[first + n] ?? 0})`}>
            <text class="when" x={48} text-anchor="end" y={4}>
              {formatMs(item.atNs - begin)}
            </text>
            <SequenceItem
              item={{ ...item, label: visible(item.label) }}
              lanes={lanes}
              side={side}
              light={lights(side, item.id)}
            />
          </g>
        ))}
      </svg>
      {all.length > most && <p class="legend">… and {all.length - most} more</p>}
    </div>
  );
}
