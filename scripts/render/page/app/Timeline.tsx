import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { labelOf } from '../../ledger.ts';
import { useApp } from './app-state.ts';
import { drawTracks, geometry, heightOf, type Colours, type Span } from './draw-tracks.ts';
import { chosenEntry, useLights } from './lights.ts';
import { protocolOf, type Side } from './side.ts';
import { firstFrom } from './sorted.ts';
import { tracksOf, type Track } from './tracks.ts';

/** All recorders of a variant on one axis of time; the wheel, + and - zoom, dragging and the arrows move. */
export function Timeline({ side, places }: { side: Side; places: readonly number[] }) {
  const { state, choose } = useApp();
  const { scene, variant } = side;
  const lights = useLights([side]);
  const canvas = useRef<HTMLCanvasElement>(null);
  const tracks = useMemo(() => tracksOf(scene, places), [scene, places]);
  const whole = useMemo(() => wholeSpan(tracks), [tracks]);
  const [zoomed, setZoomed] = useState<Span>();
  const [width, setWidth] = useState(500);
  const span = zoomed ?? whole;

  useLayoutEffect(() => {
    const element = canvas.current?.parentElement;
    if (element === null || element === undefined) return undefined;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useEffect(() => setZoomed(undefined), [scene]);
  useLayoutEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (element === null || context === null || context === undefined) return;
    const ratio = devicePixelRatio;
    element.width = Math.round(width * ratio);
    element.height = Math.round(heightOf(tracks) * ratio);
    const lightOf = (place: number) => lights(side, scene.entry(place).id);
    const isLit = variant === state.place.variant && state.place.chosen !== undefined;
    drawTracks(context, {
      ...{ tracks, span, width, ratio },
      lightOf: isLit ? lightOf : () => '',
      colours: coloursOf(element, variant),
    });
  }, [tracks, span, width, state.place, state.theme]);

  const zoom = (factor: number, at = (span.from + span.until) / 2) => {
    const [from, until] = [at - (at - span.from) * factor, at + (span.until - at) * factor];
    if (until - from < 1000) return; // a microsecond: no recorder sees less
    setZoomed(until - from >= whole.until - whole.from ? undefined : { from, until });
  };
  const move = (ns: number) => setZoomed({ from: span.from + ns, until: span.until + ns });
  const timeAt = (x: number) =>
    span.from + ((x - geometry.names) / (width - geometry.names)) * (span.until - span.from);
  const press = (event: KeyboardEvent) => {
    const part = (span.until - span.from) / 6;
    const acts: Record<string, () => void> = {
      '+': () => zoom(1 / 1.6),
      '=': () => zoom(1 / 1.6),
      '-': () => zoom(1.6),
      '0': () => setZoomed(undefined),
      ArrowLeft: () => move(-part),
      ArrowRight: () => move(part),
    };
    const act = acts[event.key];
    if (act === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  return (
    <section class="timeline" aria-label={`Timeline of ${labelOf(variant)}`}>
      <header>
        <h2 class={protocolOf(variant)}>{labelOf(variant)}</h2>
        <span class="legend">{((span.until - span.from) / 1e6).toPrecision(3)} ms</span>
        <button type="button" aria-label="Zoom in" onClick={() => zoom(1 / 1.6)}>
          +
        </button>
        <button type="button" aria-label="Zoom out" onClick={() => zoom(1.6)}>
          −
        </button>
        <button type="button" onClick={() => setZoomed(socketSpan(side) ?? whole)}>
          Sockets
        </button>
        <button type="button" onClick={() => setZoomed(undefined)}>
          All
        </button>
      </header>
      <div class="canvas">
        <canvas
          ref={canvas}
          style={{ width: `${width}px`, height: `${heightOf(tracks)}px` }}
          tabIndex={0}
          role="application"
          aria-label={`Timeline of ${labelOf(variant)}: plus and minus zoom, arrows move; the table beside it has the same events`}
          onKeyDown={press}
          onWheel={(event) => {
            event.preventDefault();
            zoom(event.deltaY > 0 ? 1.25 : 0.8, timeAt(event.offsetX));
          }}
          onPointerMove={(event) => {
            if (event.buttons === 1)
              move((-event.movementX / (width - geometry.names)) * (span.until - span.from));
          }}
          onClick={(event) => {
            const track = tracks[Math.floor((event.offsetY - geometry.axis) / geometry.track)];
            const place = track && nearest(track, timeAt(event.offsetX));
            if (place !== undefined) choose(scene.entry(place).id, variant);
          }}
        />
      </div>
      {chosenEntry(scene, state.place.chosen) === undefined && tracks.length === 0 && (
        <p class="empty">No event fits the filters.</p>
      )}
    </section>
  );
}

function wholeSpan(tracks: readonly Track[]): Span {
  const ends = tracks.flatMap(({ from, until }) => [from[0] ?? 0, until.at(-1) ?? 0]);
  const [from, until] = [Math.min(...ends, Infinity), Math.max(...ends, 0)];
  const margin = Math.max(1000, (until - from) * 0.01);
  return Number.isFinite(from) ? { from: from - margin, until: until + margin } : { from: 0, until: 1e6 };
}

/** From the first call on a socket to the last: what the lesson is about, without the runtime's beginning. */
function socketSpan({ scene }: Side): Span | undefined {
  const begin = scene.length === 0 ? 0 : scene.entry(0).atNs;
  const stamps = scene.steps.flatMap(({ calls }) => calls.flatMap((id) => scene.find(id)?.atNs ?? []));
  if (stamps.length === 0) return undefined;
  const [from, until] = [Math.min(...stamps) - begin, Math.max(...stamps) - begin];
  const margin = (until - from) * 0.05 + 1000;
  return { from: from - margin, until: until + margin };
}

function nearest({ places, from }: Track, at: number): number | undefined {
  const next = firstFrom(from, at);
  const [after, before] = [from[next] ?? Infinity, from[next - 1] ?? -Infinity];
  return places[after - at < at - before ? next : next - 1] ?? places[next];
}

function coloursOf(element: HTMLElement, variant: string): Colours {
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    text: colour('text'),
    dim: colour('dim'),
    line: colour('line'),
    mark: colour('mark'),
    chosen: colour('chosen'),
    own: colour(protocolOf(variant)),
  };
}
