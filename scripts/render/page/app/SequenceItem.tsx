import { useApp } from './app-state.ts';
import type { Lanes } from './lanes.ts';
import type { Light } from './lights.ts';
import type { Arrow, Crossing, Item, Note } from './sequence.ts';
import type { Side } from './side.ts';

interface Props {
  readonly item: Item;
  readonly lanes: Lanes;
  readonly side: Side;
  readonly light: Light;
}

/** One line of the diagram; choosing it lights up what belongs to it. */
export function SequenceItem({ item, lanes, side, light }: Props) {
  const { choose } = useApp();
  return (
    <g
      class={`item ${item.kind} ${light}`}
      data-event={item.id}
      role="button"
      tabIndex={-1}
      aria-pressed={light === 'chosen'}
      aria-description={item.host}
      onClick={() => choose(item.id, side.variant)}
    >
      <rect class="ground" x={52} width={lanes.width - 53} y={-18} height={26} rx={3} />
      <rect class="bar" x={52} width={light === 'chosen' ? 5 : 3} y={-18} height={26} />
      <Drawn item={item} lanes={lanes} />
    </g>
  );
}

function Drawn({ item, lanes }: { item: Item; lanes: Lanes }) {
  switch (item.kind) {
    case 'packet':
      return <PacketLine packet={item} lanes={lanes} />;
    case 'state':
    case 'said':
      return <NoteLine note={item} lanes={lanes} />;
    case 'enter':
    case 'return':
    case 'call':
      return <ArrowLine arrow={item} lanes={lanes} />;
    default:
      return unreachable(item);
  }
}

/** In: solid. Out: dashed. In and out with nothing between: both heads. */
function ArrowLine({ arrow: { kind, host, label }, lanes }: { arrow: Arrow; lanes: Lanes }) {
  const [program, kernel] = [lanes.program(host), lanes.kernel(host)];
  const way = Math.sign(kernel - program);
  return (
    <>
      <line x1={program} x2={kernel} y1={0} y2={0} class="stem" />
      {kind !== 'return' && <Head x={kernel} way={way} />}
      {kind !== 'enter' && <Head x={program} way={-way} />}
      <Label x={program + 7 * way} anchor={way > 0 ? 'start' : 'end'} room={lanes.width * 0.72}>
        {label}
      </Label>
    </>
  );
}

function PacketLine({ packet, lanes }: { packet: Crossing; lanes: Lanes }) {
  const { host, target, look, fate, again, certainty, label } = packet;
  const [start, goal] = [lanes.kernel(host), lanes.kernel(target)];
  const way = Math.sign(goal - start);
  // A dropped packet came as far as the other host's rules.
  const end = fate === 'lost' ? goal - way * 26 : goal;
  const words = [
    again ? '↻' : '',
    label,
    fate === 'lost' ? '✕ dropped' : fate === 'unread' ? '○ never read' : '',
  ];
  return (
    <>
      <line
        x1={start}
        x2={end}
        y1={0}
        y2={fate === 'lost' ? 3 : 4}
        class={`flight ${look} ${again ? 'again' : ''}`}
      />
      {certainty !== undefined && <circle class={`cause ${certainty}`} cx={start} cy={0} r={3.2} />}
      {fate === 'lost' ? (
        <path class="stop" d={`M${end - 5} -2 l10 10 m0 -10 l-10 10`} />
      ) : (
        <Head x={end} y={4} way={way} className={look} />
      )}
      <Label x={(start + goal) / 2} anchor="middle" room={lanes.width * 0.6} className={look}>
        {words.filter((word) => word !== '').join(' ')}
      </Label>
    </>
  );
}

function NoteLine({ note: { kind, host, label }, lanes }: { note: Note; lanes: Lanes }) {
  const x = kind === 'state' ? lanes.kernel(host) : lanes.program(host);
  const way = x < lanes.wire ? 1 : -1;
  return (
    <>
      <path class="stud" d={`M${x} -5 l5 5 l-5 5 l-5 -5 z`} />
      <text class={`label ${kind}`} x={x + way * 9} y={4} text-anchor={way > 0 ? 'start' : 'end'}>
        {cut(label, lanes.width * 0.7)}
      </text>
    </>
  );
}

function Head({ x, y = 0, way, className = '' }: { x: number; y?: number; way: number; className?: string }) {
  return <path class={`head ${className}`} d={`M${x} ${y} l${-8 * way} -4 v8 z`} />;
}

function Label(props: {
  x: number;
  anchor: 'start' | 'middle' | 'end';
  room: number;
  className?: string;
  children: string;
}) {
  const { x, anchor, room, className = '', children } = props;
  return (
    <text class={`label ${className}`} x={x} y={-5} text-anchor={anchor}>
      {cut(children, room)}
    </text>
  );
}

/** The diagram's letters are about so wide, in pixels. */
const letter = 6.7;

const cut = (text: string, room: number): string => {
  const most = Math.max(4, Math.floor(room / letter));
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
};

function unreachable(item: never): never {
  throw new Error(`no way to draw ${JSON.stringify(item)}`);
}
