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

test.each(references.filter((name) => name !== 'linux-6.1-stock'))(
  '%s: of a segment that is dropped and sent again, the later one was read',
  async (name) => {
    const lost = await timeline(name, 'lost/libc-tcp/data-lost');
    const sent = packets(lost).filter(
      ({ packet, host }) => host === 'client' && packet.protocol === 'tcp' && packet.payloadLength === 7,
    );
    const arrived = sent.findLastIndex(({ receivedBy }) => receivedBy !== undefined);
    expect(arrived).toBeGreaterThan(0);
    expect(sent.filter(({ receivedBy }) => receivedBy !== undefined)).toHaveLength(1);
    const reader = calls(lost).find(({ id }) => id === sent[arrived]?.receivedBy);
    expect(reader).toMatchObject({ host: 'server', step: 'receive', bytes: 7 });
    expect(reader?.untilNs).toBeGreaterThan(sent[arrived]?.atNs ?? Infinity);
  },
);

test.each(references.filter((name) => name !== 'linux-6.1-stock'))(
  '%s: where the SYN ACK is lost, the first SYN had arrived',
  async (name) => {
    const lost = await timeline(name, 'dial/node-tcp/syn-ack-lost');
    const syns = packets(lost).filter((event) => flags(event) === 'SYN');
    expect(syns.map(({ receivedBy }) => receivedBy !== undefined)).toEqual([true, false]);
  },
);

test.each(['linux-6.1-stock', 'linux-6.18-root'])(
  '%s: what is inferred without the kernel’s trace is what it measures',
  async (name) => {
    const { run, files } = await readReference(name);
    const differences: string[] = [];
    let measured = 0;
    for (const scene of run.scenes) {
      const all = files.get(scene) ?? new Map<string, Uint8Array>();
      const rest = new Map([...all].filter(([file]) => file !== 'kernel.trace'));
      const inferred = new Map(packets(timelineOf(run, scene, rest)).map((event) => [event.id, event.cause]));
      for (const { id, cause } of packets(timelineOf(run, scene, all))) {
        if (cause?.certainty !== 'measured') continue;
        measured += 1;
        const other = inferred.get(id);
        if (other?.event !== cause.event || other.by !== cause.by || other.certainty !== 'inferred')
          differences.push(
            `${scene.folder} ${id}: ${cause.by} ${cause.event}, not ${other?.by} ${other?.event}`,
          );
      }
    }
    expect(measured).toBeGreaterThan(200);
    expect(differences).toEqual([]);
  },
);
