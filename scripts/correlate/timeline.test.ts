/** What belongs together in a real recording, of the article’s whole program (its story write tells, as echo does). Numbers of lines are not asserted: the next recording has others. */
import { expect, test } from 'vitest';
import type { CallEvent, PacketEvent } from '../model/event.ts';
import { readReference, references } from '../live/reference.ts';
import { timelineOf, type Timeline } from './timeline.ts';

async function timeline(name: string, folder: string): Promise<Timeline> {
  const { run, files } = await readReference(name);
  const scene = run.scenes.find((one) => one.folder === folder);
  if (scene === undefined) throw new Error(`${name} has no ${folder}`);
  return timelineOf(run, scene, files.get(scene) ?? new Map());
}

const packets = ({ events }: Timeline) =>
  events.filter((event): event is PacketEvent => event.kind === 'packet');
const calls = ({ events }: Timeline) => events.filter((event): event is CallEvent => event.kind === 'call');
const flags = ({ packet }: PacketEvent) => (packet.protocol === 'tcp' ? packet.flags : packet.protocol);

test.each(references)(
  '%s: each packet was seen by every recorder on its way, in the order of the hooks',
  async (name) => {
    const echo = await timeline(name, 'write/node-tcp');
    expect(packets(echo).length).toBeGreaterThan(8);
    for (const { packet, sightings, host } of packets(echo)) {
      const other = host === 'client' ? 'server' : 'client';
      const wire = [`${host} wire`, `${other} wire`];
      const expected = packet.protocol === 'arp' ? wire : [`${host} OUTPUT`, ...wire, `${other} INPUT`];
      expect(sightings.map((seen) => `${seen.host} ${seen.hook}`)).toEqual(expected);
    }
  },
);

test.each(references)(
  '%s: the handshake belongs to connect, the bytes to their calls, the FINs to shutdown',
  async (name) => {
    const echo = await timeline(name, 'write/node-tcp');
    const byId = new Map(echo.events.map((event) => [event.id, event]));
    const story = packets(echo)
      .filter(({ packet }) => packet.protocol === 'tcp')
      .map((event) => `${event.host} ${flags(event)} by ${event.cause?.by ?? 'nothing'}`);
    expect(story.slice(0, 4)).toEqual([
      'client SYN by connect',
      'server ACK SYN by packet',
      'client ACK by packet',
      'client ACK PSH by send',
    ]);
    expect(story).toContain('server ACK PSH by send');
    expect(story.filter((one) => one.includes('FIN'))).toEqual([
      'client ACK FIN by shutdown',
      'server ACK FIN by shutdown',
    ]);
    for (const event of packets(echo).filter((one) => flags(one) === 'ACK PSH')) {
      expect(event.cause?.within, event.id).toBe(true);
      const reader = byId.get(event.receivedBy ?? '');
      expect(reader).toMatchObject({ kind: 'call', step: 'receive', bytes: 7, data: 'HELLO!!' });
      expect(reader?.host).not.toBe(event.host);
    }
  },
);

test.each(references)('%s: a repeated SYN ACK is one, and no second call made it', async (name) => {
  const lost = await timeline(name, 'dial/node-tcp/syn-ack-lost');
  const answers = packets(lost).filter((event) => flags(event) === 'ACK SYN');
  expect(answers.length).toBeGreaterThan(1);
  for (const again of answers.slice(1)) expect(again.repeats).toBe(answers[0]?.id);
  const syns = packets(lost).filter((event) => flags(event) === 'SYN');
  expect(syns.map(({ cause }) => cause?.by)).toEqual(['connect', 'timer']);
  expect(calls(lost).filter(({ step, host }) => step === 'connect' && host === 'client')).toHaveLength(1);
});

test.each(references)('%s: a descriptor’s number comes back, a socket does not', async (name) => {
  const echo = await timeline(name, 'write/node-tcp');
  const server = calls(echo).filter(({ host, socket }) => host === 'server' && socket !== undefined);
  const sockets = new Set(server.map(({ socket }) => socket));
  expect(sockets.size).toBe(2);
  const accept = server.find(({ step, returned }) => step === 'accept' && (returned ?? -1) >= 0);
  const reads = server.filter(({ step }) => step === 'receive');
  expect(new Set(reads.map(({ socket }) => socket))).toEqual(new Set([accept?.id]));
  expect(reads[0]?.peer).toMatch(/^10\.0\.0\.1:\d+$/);
});

test('order of files and of hosts changes nothing', async () => {
  const { run, files } = await readReference('linux-6.18-root');
  for (const scene of run.scenes) {
    const straight = files.get(scene) ?? new Map();
    const other = timelineOf(
      run,
      { ...scene, hosts: scene.hosts.toReversed() },
      new Map([...straight].toReversed()),
    );
    const ids = ({ events }: Timeline) => events.map(({ id }) => id).toSorted();
    expect(ids(other)).toEqual(ids(timelineOf(run, scene, straight)));
  }
});
