/** Under a step table, where it is asked for: each call and packet of its steps in a sentence, with the page or RFC that says more. */
import { explainerOf } from '../explain/explain-timeline.ts';
import type { Explanation } from '../explain/explanation.ts';
import type { Event, PacketEvent } from '../model/event.ts';
import { folded } from './align.ts';
import { wireCell } from './cell.ts';
import { wrapWords } from './ledger.ts';
import type { Paint } from './paint.ts';
import type { Column } from './step-table.ts';

const width = 99;
/** `      connect 85   `: a call and its line, or a packet, in front of its sentence. */
const labelWidth = 21;
/** Of a burst under one step the first ones tell it all. */
const packetsShown = 6;

export function renderInWords(columns: readonly Column[], paint: Paint): string[] {
  return columns.flatMap(({ title, timeline }) => {
    const sentence = explainerOf(timeline);
    const say = (label: string, event: Event) => sayEvent(label, sentence(event), paint);
    return timeline.hosts
      .filter(({ steps, rest }) => steps.length + rest.length > 0)
      .flatMap(({ host, steps, rest }) => {
        const packets = (events: readonly PacketEvent[]) => [
          ...events
            .slice(0, packetsShown)
            .flatMap((event) => say(wireCell(host, [event])[0]?.slice(0, labelWidth - 5) ?? '', event)),
          ...more(events.length - packetsShown, 'packets', paint),
        ];
        return [
          paint.bold(`${host}, ${title}, in words`),
          ...folded(steps).flatMap((step) =>
            'more' in step
              ? more(step.more, 'steps like these', paint)
              : [
                  ...step.calls.flatMap((call) => say(`${call.name} ${call.line}`, call)),
                  ...packets(step.packets),
                ],
          ),
          ...packets(rest),
        ];
      });
  });
}

function sayEvent(label: string, { text, source }: Explanation, paint: Paint): string[] {
  const lines = wrapWords(cutWords(`${text} [${source}]`), width - labelWidth);
  return lines.map((line, n) => `  ${paint.dim((n === 0 ? label : '').padEnd(labelWidth - 2))}${line}`);
}

const more = (count: number, what: string, paint: Paint): string[] =>
  count > 0 ? [paint.dim(`  … ${count} more ${what}`)] : [];

/** A path may be longer than a line. */
const cutWords = (text: string): string =>
  text
    .split(' ')
    .map((word) => (word.length > width - labelWidth ? `${word.slice(0, width - labelWidth - 1)}…` : word))
    .join(' ');
