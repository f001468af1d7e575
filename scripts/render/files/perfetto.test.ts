/** The trace as its readers need it: slices nest, arrows lead forward from slice to slice, everything has a name. */
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { wholeHostile, wholeReference } from '../../live/reference.ts';
import { renderPerfetto } from './perfetto.ts';
import type { WholeRun } from './renderer.ts';

const Element = z.looseObject({
  ph: z.enum(['M', 'X', 'i', 's', 'f']),
  name: z.string(),
  pid: z.number().int().positive(),
  tid: z.number().int().nonnegative(),
  ts: z.number().nonnegative().optional(),
  dur: z.number().nonnegative().optional(),
  id: z.number().optional(),
  args: z.record(z.string(), z.unknown()).optional(),
});
type Element = z.infer<typeof Element>;
const Trace = z.object({ displayTimeUnit: z.literal('ns'), traceEvents: z.array(Element) });

const track = ({ pid, tid }: Element) => `${pid}/${tid}`;
/** Nanoseconds, so that sums are exact. */
const from = ({ ts = 0 }: Element) => Math.round(ts * 1000);
const until = (slice: Element) => from(slice) + Math.round((slice.dur ?? 0) * 1000);

let runs: WholeRun[] = [];
beforeAll(async () => {
  runs = await Promise.all([wholeReference('linux-6.18-root'), wholeHostile()]);
});

describe('every scene', () => {
  const each = (look: (trace: Element[], where: string, play: WholeRun['plays'][number]) => void) => {
    for (const play of runs.flatMap(({ plays }) => plays)) {
      const trace = Trace.parse(JSON.parse(renderPerfetto(play)));
      look(trace.traceEvents, play.folders[0] ?? '', play);
    }
  };

  test('slices of a track nest', () => {
    each((trace, where) => {
      for (const [name, slices] of Map.groupBy(
        trace.filter(({ ph }) => ph === 'X'),
        track,
      )) {
        const open: number[] = [];
        // Of two that begin together the longer holds the other.
        for (const slice of slices.toSorted(
          (one, other) => from(one) - from(other) || until(other) - until(one),
        )) {
          while ((open.at(-1) ?? Infinity) <= from(slice)) open.pop();
          expect(until(slice), `${where} ${name} ${slice.name}`).toBeLessThanOrEqual(open.at(-1) ?? Infinity);
          open.push(until(slice));
        }
      }
    });
  });

  test('each arrow begins and ends in a slice, and leads forward', () => {
    each((trace, where, { timeline }) => {
      const slices = Map.groupBy(
        trace.filter(({ ph }) => ph === 'X'),
        track,
      );
      const holds = (end: Element) =>
        slices.get(track(end))?.some((slice) => from(slice) <= from(end) && from(end) <= until(slice));
      const flows = Map.groupBy(
        trace.filter(({ ph }) => ph === 's' || ph === 'f'),
        ({ id }) => id,
      );
      for (const [id, ends] of flows) {
        expect(
          ends.map(({ ph }) => ph),
          `${where} ${id}`,
        ).toEqual(['s', 'f']);
        const [begin, end] = ends;
        if (begin === undefined || end === undefined) continue;
        expect(holds(begin) && holds(end), `${where} ${id}`).toBe(true);
        expect(from(begin)).toBeLessThanOrEqual(from(end));
      }
      const byCall = timeline.events.filter(
        (event) => event.kind === 'packet' && timeline.logged.has(event.cause?.event ?? ''),
      );
      expect(flows.size, where).toBeGreaterThanOrEqual(byCall.length);
    });
  });

  test(
    'every call is a slice of its thread, every packet one of the wire; tracks have names',
    { timeout: 60_000 },
    () => {
      each((trace, where, { timeline }) => {
        const named = trace.filter(({ name }) => name === 'thread_name').map(track);
        expect(new Set(named).size).toBe(named.length);
        const used = new Set(trace.filter(({ ph }) => ph !== 'M').map(track));
        expect(
          [...used].filter((one) => !named.includes(one)),
          where,
        ).toEqual([]);
        const slices = trace.filter(({ ph, name }) => ph === 'X' && name !== 'in the kernel');
        const count = (kind: string) => timeline.events.filter((event) => event.kind === kind).length;
        expect(slices).toHaveLength(count('call') + count('packet'));
        const lines = new Set(slices.map(({ args }) => args?.['line'] ?? args?.['event']));
        const own = timeline.events.filter(({ kind }) => kind === 'call' || kind === 'packet');
        expect(
          own.filter(({ id }) => !lines.has(id)),
          where,
        ).toEqual([]);
      });
    },
  );
});
