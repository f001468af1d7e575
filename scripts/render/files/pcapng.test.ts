/** The captures, read back by tshark: frames, stamps, interfaces and comments are what went in. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { needsTool } from '../../live/tools.ts';
import { wholeHostile, wholeReference } from '../../live/reference.ts';
import type { PacketEvent } from '../../model/event.ts';
import { readPcap } from '../../parse/pcap.ts';
import { renderPcapng } from './pcapng.ts';
import type { Play, WholeRun } from './renderer.ts';

let run: WholeRun;
let hostile: WholeRun;
let folder = '';
beforeAll(async () => {
  [run, hostile] = await Promise.all([wholeReference('linux-6.18-root'), wholeHostile()]);
  folder = await mkdtemp(join(tmpdir(), 'echolab-test-'));
});
afterAll(() => rm(folder, { recursive: true }));

const playOf = (whole: WholeRun, path: string): Play => {
  const play = whole.plays.find(({ folders }) => folders.includes(path));
  if (play === undefined) throw new Error(`no scene ${path}`);
  return play;
};
const scenes = ['dial/node-tcp', 'refused/libc-udp', 'stranger/node-udp', 'lost/libc-tcp/data-lost'];

describe('tshark reads back', () => {
  test.for(scenes)('%s', async (path, context) => {
    const play = playOf(run, path);
    const rows = await tshark(context, play);
    const captured = play.timeline.scene.hosts
      .flatMap(({ name, links }) => {
        const source = `${name}.pcap`;
        const pcap = readPcap(play.files.get(source) ?? new Uint8Array(), source);
        return pcap.frames.map((frame) => ({ ...frame, source, link: links[0]?.interface }));
      })
      .toSorted((one, other) => Number(one.epochNs - other.epochNs));
    expect(rows.map(({ stamp, link, length }) => ({ stamp, link, length }))).toEqual(
      captured.map(({ epochNs, link, originalLength }) => ({
        stamp: `${epochNs / 1_000_000_000n}.${String(epochNs % 1_000_000_000n).padStart(9, '0')}`,
        ...{ link, length: originalLength },
      })),
    );
    for (const [at, { source, line }] of captured.entries())
      expect(rows[at]?.comment).toContain(`${source}#${line}`);
  });

  test('hostile bytes', async (context) => {
    const rows = await tshark(context, playOf(hostile, 'hostile/node-udp'));
    expect(rows.length).toBeGreaterThan(8);
    for (const { comment } of rows) expect(comment).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});

test('each packet of the scene names the call that sent it and the one that received it', () => {
  for (const play of run.plays) {
    const comments = commentsOf(renderPcapng(play));
    const packets = play.timeline.events.filter((event): event is PacketEvent => event.kind === 'packet');
    const byId = new Map(play.timeline.events.map((event) => [event.id, event]));
    for (const event of packets) {
      const own = comments.filter((comment) => comment.split(/\s/).includes(event.id));
      const wire = event.sightings.filter(({ hook }) => hook === 'wire');
      expect(own.length, `${play.folders[0]} ${event.id}`).toBeGreaterThanOrEqual(wire.length);
      const sender = byId.get(event.cause?.event ?? '');
      const receiver = byId.get(event.receivedBy ?? '');
      const about = own.filter((comment) => comment.split('seen as')[1]?.split(/\s/).includes(event.id));
      expect(about.length).toBe(wire.length);
      const sent =
        sender?.kind === 'call'
          ? `${sender.name}(2): pid ${sender.pid}, descriptor ${sender.fd}, ${sender.id}`
          : '';
      const took =
        receiver?.kind === 'call'
          ? `received by ${receiver.host}’s ${receiver.name}(2): pid ${receiver.pid}`
          : '';
      for (const comment of about) {
        expect(comment).toContain(sent);
        expect(comment).toContain(took);
      }
    }
  }
});

/** Blocks, walked by their lengths alone: type, total length, body, total length again. */
function commentsOf(bytes: Uint8Array): string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const comments: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const [type, total] = [view.getUint32(at, true), view.getUint32(at + 4, true)];
    expect(total % 4).toBe(0);
    expect(view.getUint32(at + total - 4, true)).toBe(total);
    if (type === 6) {
      let option = at + 28 + ((view.getUint32(at + 20, true) + 3) & ~3);
      for (;;) {
        const [code, length] = [view.getUint16(option, true), view.getUint16(option + 2, true)];
        if (code === 0) break;
        if (code === 1)
          comments.push(new TextDecoder().decode(bytes.subarray(option + 4, option + 4 + length)));
        option += 4 + ((length + 3) & ~3);
      }
    }
    at += total;
  }
  return comments;
}

async function tshark(context: Parameters<typeof needsTool>[0], play: Play) {
  await needsTool(context, 'tshark');
  const file = join(folder, `${play.folders[0]?.replaceAll('/', '-')}.pcapng`);
  await writeFile(file, renderPcapng(play));
  const fields = ['frame.time_epoch', 'frame.interface_name', 'frame.len', 'frame.comment'];
  const options = [
    '-r',
    file,
    '-T',
    'fields',
    '-E',
    'separator=/t',
    ...fields.flatMap((field) => ['-e', field]),
  ];
  const { stdout } = await promisify(execFile)('tshark', options);
  return stdout
    .trimEnd()
    .split('\n')
    .map((row) => {
      const [stamp, link, length, comment = ''] = row.split('\t');
      return { stamp, link, length: Number(length), comment };
    });
}
