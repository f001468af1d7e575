/** Nothing of a log is lost in its annotated form, and nothing stands there twice. */
import { beforeAll, expect, test } from 'vitest';
import { references, wholeReference } from '../../live/reference.ts';
import type { CallEvent, PacketEvent } from '../../model/event.ts';
import type { Play, WholeRun } from '../files/renderer.ts';
import { refer } from '../ledger.ts';
import { annotated } from './annotate.ts';
import { renderAnnotatedLog } from './log.ts';
import { rawLine } from './raw-line.ts';

const runs = new Map<string, WholeRun>();
beforeAll(async () => {
  for (const name of references) runs.set(name, await wholeReference(name));
});

/** Every program's log of a run. */
const logs = (name: string): { play: Play; host: string; where: string; lines: string[] }[] =>
  (runs.get(name)?.plays ?? []).flatMap((play) =>
    play.timeline.scene.hosts.flatMap(({ name: host }) => {
      const bytes = play.files.get(`${host}.strace`);
      if (bytes === undefined) return [];
      const lines = new TextDecoder().decode(bytes).trimEnd().split('\n');
      return [{ play, host, lines, where: `${play.folders[0]} ${host}` }];
    }),
  );

test.each(references)('%s: every line of every log stands in exactly one entry', (name) => {
  expect(logs(name).length).toBeGreaterThan(30);
  for (const { play, host, where, lines } of logs(name)) {
    const stands = annotated(play, host).entries.flatMap((entry) =>
      entry.kind === 'beside' ? [] : entry.lines,
    );
    expect(
      stands.toSorted((one, other) => one - other),
      where,
    ).toEqual(lines.map((_, at) => at + 1));
  }
});

test.each(references)(
  '%s: shown and folded calls are all calls, and each shown one has a sentence',
  (name) => {
    for (const { play, host, where } of logs(name)) {
      const { entries } = annotated(play, host);
      const shown = entries.flatMap((entry) =>
        entry.kind === 'line' && entry.event.kind === 'call' ? [entry] : [],
      );
      const folded = entries.flatMap((entry) => (entry.kind === 'fold' ? entry.calls : []));
      const all = play.timeline.events.filter((event) => event.kind === 'call' && event.host === host);
      expect(shown.length + folded.length, where).toBe(all.length);
      for (const { means, manual } of shown)
        expect(`${means} ${manual}`).toMatch(/^\w.{3,} .+\(\d\)|^\w.{3,} RFC/);
      const sockets = all.filter(
        (event): event is CallEvent => event.kind === 'call' && event.socket !== undefined,
      );
      expect(shown.map(({ event }) => event.id)).toEqual(expect.arrayContaining(sockets.map(({ id }) => id)));
      // In a scene with stacks hardly more than the sockets' calls is traced.
      const withStacks = all.some((event) => event.kind === 'call' && event.userStack !== undefined);
      expect(withStacks || folded.length > shown.length, where).toBe(true);
    }
  },
);

test.each(references)('%s: every packet that a host sends or gets stands in its log once', (name) => {
  for (const { play, host, where } of logs(name)) {
    const address = play.timeline.scene.hosts.find((one) => one.name === host)?.address;
    const said = annotated(play, host).entries.flatMap((entry) =>
      entry.kind === 'fold' ? [] : entry.caused.filter(({ label }) => label === '→' || label === '←'),
    );
    const own = play.timeline.events.filter(
      (event): event is PacketEvent =>
        event.kind === 'packet' && (event.host === host || event.to.split(':')[0] === address),
    );
    const key = (event: PacketEvent) =>
      event.sightings.map(({ source, line }) => refer(source, line)).join(' ');
    expect(said.map(({ seen }) => seen.join(' ')).toSorted(), where).toEqual(own.map(key).toSorted());
    for (const { label, seen } of said) {
      const event = own.find((one) => key(one) === seen.join(' '));
      expect(label).toBe(event?.host === host ? '→' : '←');
    }
  }
});

test.each(references)('%s: LOG lines stand under their packets, as the kernel wrote them', (name) => {
  let count = 0;
  for (const { play, host } of logs(name)) {
    for (const entry of annotated(play, host).entries) {
      if (entry.kind === 'fold') continue;
      for (const line of entry.caused.flatMap(({ log }) => log)) {
        expect(line).toMatch(/^\[(?:TCP|UDP|ICMP)\] \w+ \w+ (?:INPUT|OUTPUT) IN=\S* OUT=/);
        count += 1;
      }
    }
  }
  expect(count).toBeGreaterThan(100);
});

test.each(references)('%s: at most 99 columns, but for the log’s own lines', (name) => {
  for (const { play, host, where, lines } of logs(name)) {
    const raw = new Set(lines.map((line, at) => `${String(at + 1).padStart(5)}  ${rawLine(line)}`));
    const longer = renderAnnotatedLog(play, host)
      .split('\n')
      .filter((line) => line.length > 99 && !raw.has(line));
    // A word that is longer than the line, as a hash, a path, stays whole.
    expect(
      longer.filter((line) => !/^\S{80,}$/.test(line.trim())),
      where,
    ).toEqual([]);
  }
});

test('unfolded, all of it is there, in order', () => {
  for (const { play, host, where, lines } of logs('linux-6.18-root').slice(0, 20)) {
    const text = renderAnnotatedLog({ ...play, unfold: true }, host).split('\n');
    const numbers = lines.map((line, at) => text.indexOf(`${String(at + 1).padStart(5)}  ${rawLine(line)}`));
    expect(numbers, where).not.toContain(-1);
    // The second half of an interrupted call stands with the first.
    const begins = play.timeline.events
      .filter(({ source }) => source === `${host}.strace`)
      .map(({ line }) => line);
    const order = begins.toSorted((one, other) => one - other).map((line) => numbers[line - 1] ?? -1);
    expect(order, where).toEqual(order.toSorted((one, other) => one - other));
  }
});
