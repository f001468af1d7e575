/** The packets of recorded scenes in words (golden), and what must hold of those that vary from run to run. */
import { beforeAll, describe, expect, test } from 'vitest';
import { timelineOf } from '../correlate/timeline.ts';
import { readReference, references } from '../live/reference.ts';
import type { PacketEvent } from '../model/event.ts';
import { explainerOf } from './explain-timeline.ts';

const said = new Map<string, { packet: PacketEvent; text: string; source: string }[]>();

beforeAll(async () => {
  const { run, files } = await readReference(references.at(-1) ?? '');
  for (const scene of run.scenes) {
    if (!/^(?:echo|lost|refused|cancel|blocked|stranger)\//.test(scene.folder)) continue;
    const timeline = timelineOf(run, scene, files.get(scene) ?? new Map<string, Uint8Array>());
    const explain = explainerOf(timeline);
    said.set(
      scene.folder,
      timeline.events.flatMap((event) => {
        if (event.kind !== 'packet') return [];
        const { text, source } = explain(event);
        return [{ packet: event, text, source }];
      }),
    );
  }
}, 120_000);

const scene = (folder: string) => {
  const found = said.get(folder);
  if (found === undefined) throw new Error(`the reference run has no scene ${folder}`);
  return found;
};

/** What differs from run to run, as placeholders. */
const normalize = (text: string): string =>
  text
    .replaceAll(/port (?!9000\b)\d{4,5}/g, 'port <port>')
    .replaceAll(/sequence number \d+/g, 'sequence number <number>')
    .replaceAll(/line \d+/g, 'line <n>')
    .replaceAll(/[\d.]+ (?:µs|ms|s) (?=later|after)/g, '<time> ');

test.each([
  'echo/node-tcp',
  'echo/libc-udp',
  'lost/node-tcp/syn-lost',
  'refused/libc-udp',
  'cancel/libc-tcp',
])('sentences of %s', async (folder) => {
  const lines = scene(folder).map(
    ({ packet, text, source }) => `${packet.host}: ${normalize(text)} [${source}]\n`,
  );
  await expect(lines.join('')).toMatchFileSnapshot(`fixtures/packets-${folder.replaceAll('/', '-')}.txt`);
});

describe('a receiver that does not read', () => {
  const texts = () => scene('blocked/libc-tcp/stopped-reader').map(({ text }) => text);

  test('closes its window and opens it again; the opening is not called an answer of the kernel', () => {
    expect(texts().filter((text) => text.includes('its receive buffer is full (window 0)'))).not.toEqual([]);
    const again = texts().filter((text) => text.includes('has room again'));
    expect(again).not.toEqual([]);
    expect(again.filter((text) => text.includes('own answer'))).toEqual([]);
  });

  test('bytes are counted from the start of the stream, without a gap', () => {
    let next = 1;
    for (const { packet, text } of scene('blocked/libc-tcp/stopped-reader')) {
      if (packet.packet.protocol !== 'tcp' || packet.packet.payloadLength === 0) continue;
      if (packet.repeats !== undefined) continue;
      const [, first, last] = /^sends bytes (\d+) to (\d+) of its stream/.exec(text) ?? [];
      expect(Number(first), text).toBe(next);
      next = Number(last) + 1;
    }
    expect(next).toBeGreaterThan(10_000);
  });
});

test('data sent again says how much later, and does not guess which timer it was', () => {
  const again = scene('lost/libc-tcp/data-lost').filter(
    ({ packet }) => packet.repeats !== undefined && packet.cause?.by === 'timer',
  );
  expect(again).toHaveLength(1);
  expect(again[0]?.text).toMatch(
    /; sent again, \d+ ms later: (?:no acknowledgment came before the retransmission timer, or the timer of a loss probe, ran out \(inferred\)|a probe, since the last segment may be lost \(measured\)|no acknowledgment .* \(measured\))/,
  );
});

test('a refusal names what the other program will see', () => {
  const [reset] = scene('refused/libc-tcp').filter(({ text }) => text.includes('RST'));
  expect(reset?.text).toMatch(/^refuses the connection \(RST\): nobody listens at 10\.0\.0\.2 port 9000/);
  const [error] = scene('refused/libc-udp').filter(({ packet }) => packet.packet.protocol === 'icmp');
  expect(error?.text).toMatch(/port unreachable: no socket has that port \(ICMP type 3, code 3\); it quotes/);
});
