/** The step table: rows are steps of the sockets API, columns are variants, one part for each host. */
import type { Step } from '../correlate/steps.ts';
import type { Timeline } from '../correlate/timeline.ts';
import type { PacketEvent } from '../model/event.ts';
import { align, folded } from './align.ts';
import { sayStep, wireCell } from './cell.ts';
import { pathCell, statesCell } from './kernel-cell.ts';
import { eventsCell, restEvents } from './kernel-events.ts';
import type { Paint } from './paint.ts';
import { programCell } from './program-cell.ts';

const width = 99;
const nameWidth = 12;

export interface Column {
  /** `TCP`, `UDP`. */
  readonly title: string;
  readonly timeline: Timeline;
}

export function renderSteps(columns: readonly Column[], paint: Paint): string[] {
  const cellWidth = Math.floor((width - nameWidth) / Math.max(1, columns.length)) - 1;
  const line = (name: string, cells: readonly string[]) =>
    `${name.padEnd(nameWidth)} ${cells.map((cell) => cell.padEnd(cellWidth)).join(' ')}`.trimEnd();
  const lines: string[] = [];
  const hosts = columns[0]?.timeline.hosts.map(({ host }) => host) ?? [];
  for (const host of hosts) {
    lines.push(
      paint.bold(
        line(
          host,
          columns.map(({ title }) => title),
        ),
      ),
    );
    for (const row of folded(alignedSteps(host, columns))) {
      if ('more' in row) {
        lines.push(paint.dim(line('', [`… ${row.more} more like these`])));
        continue;
      }
      const { name, steps } = row;
      const cells = steps.map((step) => (step === undefined ? ['–'] : wrap(sayStep(step), cellWidth, ' ')));
      for (const [n, row] of rowsOf(cells)) lines.push(line(n === 0 ? name : '', row));
      if (steps.some((step) => step !== undefined && step.packets.length > 0)) {
        const wires = steps.map((step) => (step === undefined ? [] : sayWire(step, cellWidth)));
        for (const [n, row] of rowsOf(wires)) lines.push(paint.dim(line(n === 0 ? '  wire' : '', row)));
      }
      for (const [title, say] of [
        ['  program', programCell],
        ['  kernel', pathCell],
        ['  state', statesCell],
        ['  events', eventsCell],
      ] as const) {
        const said = steps.map((step, index) => {
          const timeline = columns[index]?.timeline;
          return step === undefined || timeline === undefined ? '' : say(step, timeline);
        });
        if (said.every((text) => text === '')) continue;
        const wrapped = said.map((text) => wrap(text, cellWidth, ' '));
        for (const [n, row] of rowsOf(wrapped)) lines.push(paint.dim(line(n === 0 ? title : '', row)));
      }
    }
    const rests = columns.map(({ timeline }) => timeline.hosts.find((one) => one.host === host)?.rest ?? []);
    if (rests.some((rest) => rest.length > 0)) {
      const cells = rests.map((rest) => packets(host, rest, cellWidth));
      for (const [n, row] of rowsOf(cells)) lines.push(paint.dim(line(n === 0 ? '(kernel)' : '', row)));
      const said = columns.map(({ timeline }, index) => restEvents(host, rests[index] ?? [], timeline));
      if (said.some((text) => text !== '')) {
        const wrapped = said.map((text) => wrap(text, cellWidth, ' '));
        for (const [n, row] of rowsOf(wrapped)) lines.push(paint.dim(line(n === 0 ? '  events' : '', row)));
      }
    }
  }
  return lines;
}

const sayWire = (step: Step, cellWidth: number): string[] =>
  step.packets.length === 0 ? ['nothing'] : packets(step.host, step.packets, cellWidth);

const packets = (host: string, events: readonly PacketEvent[], cellWidth: number): string[] =>
  wrap(wireCell(host, events).join('   '), cellWidth, '   ');

/** Lines of at most `max` characters, broken at the separator; a piece that is longer is cut with an ellipsis. */
function wrap(text: string, max: number, separator: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of text.split(separator)) {
    const longer = line === '' ? piece : line + separator + piece;
    if (longer.length <= max) line = longer;
    else {
      if (line !== '') lines.push(line);
      line = piece.length <= max ? piece : `${piece.slice(0, max - 1)}…`;
    }
  }
  return [...lines, line];
}

/** Cells of several lines as rows, the n-th line of each. */
function rowsOf(cells: readonly (readonly string[])[]): [number, string[]][] {
  const height = Math.max(0, ...cells.map((cell) => cell.length));
  return Array.from({ length: height }, (_, n) => [n, cells.map((cell) => cell[n] ?? '')]);
}

/** The columns' steps side by side: equal names on one row, in an order that none of the columns contradicts. */
function alignedSteps(
  host: string,
  columns: readonly Column[],
): { name: string; steps: (Step | undefined)[] }[] {
  const lists = columns.map(({ timeline }) => timeline.hosts.find((one) => one.host === host)?.steps ?? []);
  const [first = [], second = []] = lists;
  return align(first, second).map(([one, other]) => ({
    name: one?.name ?? other?.name ?? '',
    steps: columns.length === 1 ? [one] : [one, other],
  }));
}
