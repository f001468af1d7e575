/**
 * A strace log for reading: the lines that matter, each with what it means and what it caused, what happened between them, and
 * the runtime's own calls folded. Every line of the log stands in exactly one entry.
 */
import type { Word } from '../../explain/explanation.ts';
import type { CallEvent, Event, PacketEvent, SocketEvent } from '../../model/event.ts';
import type { Play } from '../files/renderer.ts';
import { belongingsOf, causedBy, packetFacts, type Belongings, type Caused } from './caused.ts';
import type { Fold } from './fold.ts';
import { mattering } from './matters.ts';

/** A line of the log, and the second one where another thread came between. */
export interface Line {
  readonly kind: 'line';
  readonly event: Event;
  readonly lines: readonly number[];
  readonly means: string;
  /** Manual page or RFC. */
  readonly manual: string;
  /** Those that no line above has. */
  readonly words: readonly Word[];
  readonly caused: readonly Caused[];
}

/** What no call of this host asked for: a packet, the host's sockets at a named moment. */
export interface Beside {
  readonly kind: 'beside';
  readonly atNs: number;
  readonly title: string;
  readonly caused: readonly Caused[];
}

export type Entry = Fold | Line | Beside;

export interface Annotated {
  readonly entries: readonly Entry[];
  /** The first event of the log; offsets count from it. */
  readonly startNs: number;
}

/** Both forms of the annotated log are made of the same. */
const known = new WeakMap<Play, Map<string, Annotated>>();

export function annotated(play: Play, host: string): Annotated {
  const ofPlay = known.get(play) ?? new Map<string, Annotated>();
  known.set(play, ofPlay);
  const result = ofPlay.get(host) ?? annotate(play, host);
  ofPlay.set(host, result);
  return result;
}

function annotate(play: Play, host: string): Annotated {
  const { events, logged } = play.timeline;
  const source = `${host}.strace`;
  const own = events.filter((event) => event.source === source);
  const calls = own.filter((event): event is CallEvent => event.kind === 'call').toSorted(byLine);
  const traced = calls.flatMap((call) => {
    const line = logged.get(call.id);
    return line === undefined ? [] : [[call, line] as const];
  });
  const chosen = mattering(traced);
  const belongings = belongingsOf(play, host);
  const shown = own.filter((event) =>
    event.kind === 'call' ? chosen.has(event) : event.kind === 'signal' || isLast(event, calls),
  );
  const told = new Set<string>();
  const entries = shown.toSorted(byLine).map((event): Line => {
    const { text, source: manual, words } = play.explain(event);
    const fresh = words.filter(({ word }) => !told.has(word) && told.add(word));
    const resumed = logged.get(event.id)?.resumedLine;
    return {
      ...{ kind: 'line', event, means: text, manual, words: fresh },
      lines: resumed === undefined ? [event.line] : [event.line, resumed],
      caused: event.kind === 'call' ? causedBy(event, play, belongings) : [],
    };
  });
  const all = withBesides(entries, besides(play, host, belongings, calls));
  return { entries: fold(all, calls, lineCount(play, source)), startNs: own[0]?.atNs ?? 0 };
}

const byLine = (one: Event, other: Event) => one.line - other.line;

/** The end of the program: that of the thread it began with. */
const isLast = (event: Event, [first]: readonly CallEvent[]): boolean =>
  event.kind === 'exit' && (event.pid === first?.pid || event.signal !== undefined);

function lineCount({ files }: Play, source: string): number {
  const bytes = files.get(source) ?? new Uint8Array();
  let count = 0;
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) count += 1;
  return bytes.length > 0 && bytes.at(-1) !== 10 ? count + 1 : count;
}

/** Each stands before the first line that began later. */
function withBesides(lines: readonly Line[], more: readonly Beside[]): (Line | Beside)[] {
  const waiting = more.toSorted((one, other) => one.atNs - other.atNs);
  const all: (Line | Beside)[] = [];
  let next = 0;
  for (const line of lines) {
    for (let one = waiting[next]; one !== undefined && one.atNs < line.event.atNs; one = waiting[next]) {
      all.push(one);
      next += 1;
    }
    all.push(line);
  }
  return [...all, ...waiting.slice(next)];
}

function fold(entries: readonly (Line | Beside)[], calls: readonly CallEvent[], count: number): Entry[] {
  const owned = new Set(entries.flatMap((entry) => (entry.kind === 'line' ? entry.lines : [])));
  const byLineNumber = new Map(calls.map((call) => [call.line, call]));
  const numbers = entries.flatMap((entry) => (entry.kind === 'line' ? entry.lines.slice(0, 1) : []));
  // execve(2) is the first line: what follows it is the start.
  const [, second = Infinity] = numbers;
  const last = numbers.findLast((line) => byLineNumber.has(line)) ?? 0;
  const all: Entry[] = [];
  let next = 1;
  const foldUntil = (end: number) => {
    const lines: number[] = [];
    for (; next < end; next += 1) if (!owned.has(next)) lines.push(next);
    const [from] = lines;
    if (from === undefined) return;
    const folded = lines.flatMap((line) => byLineNumber.get(line) ?? []);
    const when = from < second ? 'starts' : from > last ? 'ends' : 'runs';
    all.push({ kind: 'fold', lines, calls: folded, when });
  };
  // What lies beside the log comes behind the lines that came before it: where the next shown line begins.
  const ends = new Map<Line | Beside, number>();
  let end = count + 1;
  for (const entry of entries.toReversed()) {
    if (entry.kind === 'line') end = entry.lines[0] ?? end;
    ends.set(entry, end);
  }
  for (const entry of entries) {
    foldUntil(ends.get(entry) ?? 0);
    all.push(entry);
  }
  foldUntil(count + 1);
  return all;
}

function besides(play: Play, host: string, belongings: Belongings, calls: readonly CallEvent[]): Beside[] {
  const packets = belongings.packets.get('') ?? [];
  return [
    ...packets.map((event) => besidePacket(event, host, play, belongings)),
    ...moments(play, host, calls),
  ];
}

const besidePacket = (event: PacketEvent, host: string, play: Play, belongings: Belongings): Beside => ({
  ...{ kind: 'beside', atNs: event.atNs },
  title: event.host === host ? 'the kernel sends by itself' : 'arrives, and no call asked for it',
  caused: packetFacts(event, host, play, belongings),
});

/** The rows of the socket table that are the program's own, and of the counters those that tell about its protocols. */
function moments(play: Play, host: string, calls: readonly CallEvent[]): Beside[] {
  const local = new Set(calls.map((call) => call.local));
  const states = play.timeline.events.filter((event) => event.source === `${host}.state`);
  return [...Map.groupBy(states, (event) => ('moment' in event ? event.moment : ''))].flatMap(
    ([moment, all]) => {
      const rows = all.filter(
        (event): event is SocketEvent => event.kind === 'socket' && local.has(event.local),
      );
      const caused = [
        ...rows.map((row): Caused => ({
          ...{
            label: 'state',
            means: [play.explain(row).text],
            log: [],
            seen: [`${row.source}:${row.line}`],
          },
          fact: `${row.protocol.toUpperCase()} ${row.state} ${row.local} ${row.peer}`,
        })),
        ...countersOf(all),
      ];
      return caused.length === 0
        ? []
        : [
            {
              ...{ kind: 'beside' as const, caused },
              atNs: all[0]?.atNs ?? 0,
              title: `the host at the moment ‘${moment}’`,
            },
          ];
    },
  );
}

const telling = /^(?:Tcp|TcpExt|Udp|Icmp)\./;

function countersOf(events: readonly Event[]): Caused[] {
  const counters = events.filter((event) => event.kind === 'counter' && telling.test(event.name));
  const said = counters.map((event) =>
    event.kind === 'counter' ? `${event.name} ${event.change > 0 ? '+' : ''}${event.change}` : '',
  );
  const [first] = counters;
  if (first === undefined) return [];
  const seen = [...new Set(counters.map(({ source, line }) => `${source}:${line}`))];
  return [{ label: 'state', fact: `counted since ‘before’: ${said.join(', ')}`, means: [], log: [], seen }];
}
