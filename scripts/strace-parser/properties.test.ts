/**
 * What must hold for any log, tried on pieces of recorded ones. A long run: PROPERTY_RUNS=20000 vitest run properties.
 */
import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseArguments, parseStrace, printValue, type Call, type StraceEvent } from './index.ts';

const timeout = 600_000;
const runs = { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 200) };
const log = readFileSync(new URL('fixtures/7.2/f-ttt-T-yy.log', import.meta.url), 'latin1');
/** Calls on one line, of the usual options: `pid  stamp name(arguments) = return <duration>`. */
const whole = log
  .split('\n')
  .filter((line) => /^\d+ +[\d.]+ \w+\(.*\) += .*>$/.test(line) && !line.includes(' resumed>'));
const wholeLine = fc.constantFrom(...whole);

/** What a call says, without where it stands. */
function said(events: readonly StraceEvent[]): unknown[] {
  return events
    .filter((event): event is Call => event.kind === 'call')
    .map(({ pid, name, argsText, returned, durationNs, state }) => ({
      pid,
      name,
      argsText,
      returned: returned?.text,
      durationNs,
      state,
    }))
    .toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
}

function withPid(line: string, pid: number): string {
  return line.replace(/^\d+/, String(pid));
}

/** Cuts a call at any place of its arguments, as strace does when another thread's line comes between. */
function interrupted(line: string, share: number): [string, string] {
  const head = /^(\d+ +[\d.]+ )(\w+)\(/.exec(line);
  const [lead = '', prefix = '', name = ''] = head ?? [];
  const close = line.lastIndexOf(')', line.lastIndexOf(' = '));
  const cut = lead.length + Math.floor(share * (close - lead.length));
  return [`${line.slice(0, cut)} <unfinished ...>`, `${prefix}<... ${name} resumed>${line.slice(cut)}`];
}

describe('calls', () => {
  test(
    'cutting them into unfinished and resumed changes nothing, nor does interleaving threads',
    { timeout },
    () => {
      const thread = fc.array(fc.tuple(wholeLine, fc.double({ min: 0, max: 1, noNaN: true }), fc.boolean()), {
        maxLength: 5,
      });
      fc.assert(
        fc.property(
          fc.array(thread, { minLength: 1, maxLength: 4 }),
          fc.infiniteStream(fc.nat()),
          (threads, choices) => {
            const plain: string[] = [];
            const queues = threads.map((lines, n) =>
              lines.flatMap(([line, share, cut]) => {
                const own = withPid(line, 100 + n);
                plain.push(own);
                return cut ? interrupted(own, share) : [own];
              }),
            );
            const mixed: string[] = [];
            for (
              let left = queues.filter((queue) => queue.length > 0);
              left.length > 0;
              left = left.filter((queue) => queue.length > 0)
            ) {
              const queue = left[(choices.next().value ?? 0) % left.length];
              mixed.push(queue?.shift() ?? '');
            }
            expect(said(parseStrace(mixed.join('\n')))).toEqual(said(parseStrace(plain.join('\n'))));
          },
        ),
        runs,
      );
    },
  );
});

describe('anything', () => {
  test('a log cut anywhere keeps the calls before the cut', { timeout }, () => {
    fc.assert(
      fc.property(fc.array(wholeLine, { minLength: 1, maxLength: 6 }), fc.nat(), (lines, place) => {
        const text = `${lines.join('\n')}\n`;
        const cut = text.slice(0, place % text.length);
        const kept = cut.split('\n').slice(0, -1);
        const calls = parseStrace(cut).filter((event) => event.kind === 'call' && event.line <= kept.length);
        expect(calls).toHaveLength(kept.length);
      }),
      runs,
    );
  });

  test('random bytes are read without throwing, and every line ends up in an event', { timeout }, () => {
    const bytes = fc.uint8Array({ maxLength: 300 });
    const syntax = fc.string({
      unit: fc.constantFrom(
        ...'0123 4711  <>()[]{}"\\,=.|~@/*-+?\n'.split(''),
        'read(',
        ') = ',
        '<...',
        ' resumed>',
        '+++ ',
        '--- ',
        ' <unfinished ...>',
      ),
      maxLength: 80,
    });
    fc.assert(
      fc.property(fc.oneof(bytes, syntax), (input) => {
        for (const event of parseStrace(input)) {
          expect(event.end).toBeGreaterThanOrEqual(event.start);
          if (event.kind === 'call') void event.args;
          if (event.kind === 'call') void event.returned;
        }
      }),
      runs,
    );
  });

  test('any text between parentheses prints as it was read', { timeout }, () => {
    const argument = fc.string({
      unit: fc.constantFrom(
        ...'0129afx_ <>()[]{}"\\,=.|~@/*-'.split(''),
        'AB',
        'x=',
        ', ',
        ' => ',
        '/* ',
        ' */',
        '...',
        '0x',
        '3<',
        '->',
      ),
      maxLength: 60,
    });
    fc.assert(
      fc.property(argument, (text) => {
        let end = 0;
        for (const value of parseArguments(text)) {
          expect(printValue(value)).toBe(text.slice(value.start, value.end));
          expect(['', ', ']).toContain(text.slice(end, value.start));
          end = value.end;
        }
        expect(['', ', ']).toContain(text.slice(end));
      }),
      // Found by a run of 300,000: one blank for both ends of a comment.
      { ...runs, examples: [['/* */'], ['1 /* */']] },
    );
  });

  test('a flipped byte costs at most the lines around it', { timeout }, () => {
    fc.assert(
      fc.property(
        fc.array(wholeLine, { minLength: 4, maxLength: 8 }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (lines, place, mask) => {
          const bytes = new Uint8Array(Buffer.from(`${lines.join('\n')}\n`, 'latin1'));
          const at = place % bytes.length;
          bytes[at] = (bytes[at] ?? 0) ^ mask;
          const calls = parseStrace(bytes).filter((event) => event.kind === 'call');
          expect(calls.length).toBeGreaterThanOrEqual(lines.length - 2);
        },
      ),
      runs,
    );
  });
});
