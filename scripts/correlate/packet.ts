/**
 * The same packet in every recording: one event, however many recorders saw it.
 *
 * A packet is known by its addresses, ports, IP identification, sequence numbers, flags and length (one of these
 * alone is not enough: the identification is 0 on every SYN ACK, sequence numbers repeat in duplicate ACKs). Where
 * two packets agree in all of them, their order tells: no recorder changes it.
 */
import type { PacketEvent } from '../model/event.ts';
import type { Packet, Sighting } from '../model/packet.ts';
import type { SceneRecord } from '../model/run.ts';
import type { Seen } from './sightings.ts';

export function joinPackets(seen: readonly Seen[], hosts: SceneRecord['hosts']): PacketEvent[] {
  const sameHeaders = Map.groupBy(seen, ({ packet }) => keyOf(packet));
  const packets = [...sameHeaders.values()].flatMap((group) =>
    split(group).map((one) => toEvent(one, hosts)),
  );
  return packets.toSorted((one, other) => one.atNs - other.atNs);
}

function keyOf(packet: Packet): string {
  switch (packet.protocol) {
    case 'tcp': {
      const { src, sport, dst, dport, id, seq, ack, length, flags } = packet;
      return ['tcp', src, sport, dst, dport, id, seq, ack, length, flags].join(' ');
    }
    case 'udp': {
      const { src, sport, dst, dport, id, length } = packet;
      return ['udp', src, sport, dst, dport, id, length].join(' ');
    }
    case 'icmp': {
      const { src, dst, id, type, code, length } = packet;
      return ['icmp', src, dst, id, type, code, length].join(' ');
    }
    case 'arp':
      return ['arp', packet.src, packet.dst, packet.operation].join(' ');
    case 'other':
      return ['other', packet.src, packet.dst, packet.what].join(' ');
    default:
      return unreachable(packet);
  }
}

/** The n-th sighting at each place belongs to the n-th packet of the group. */
function split(group: readonly Seen[]): Seen[][] {
  const packets: Seen[][] = [];
  const counts = new Map<string, number>();
  for (const one of group) {
    const place = `${one.sighting.source} ${one.sighting.host} ${one.sighting.hook}`;
    const n = counts.get(place) ?? 0;
    counts.set(place, n + 1);
    (packets[n] ??= []).push(one);
  }
  return packets;
}

function toEvent(group: readonly Seen[], hosts: SceneRecord['hosts']): PacketEvent {
  // A capture holds the payload, a line of the log does not.
  const best = group.find(({ packet }) => 'payload' in packet) ?? group[0];
  if (best === undefined) throw new Error('a packet without a sighting');
  const { packet } = best;
  const sender = hosts.find(({ address }) => address === packet.src)?.name ?? best.sighting.host;
  const sightings = group
    .map(({ sighting }) => sighting)
    .toSorted((one, other) => order(one, sender) - order(other, sender));
  const first = sightings.find(({ hook }) => hook === 'wire') ?? best.sighting;
  return {
    kind: 'packet',
    id: `${first.source}#${first.line}`,
    atNs: first.atNs,
    host: sender,
    source: first.source,
    line: first.line,
    packet,
    ...endpoints(packet),
    sightings,
  };
}

/** The way of a packet: out through the sender's rules, over the link, in through the receiver's rules. */
function order(sighting: Sighting, sender: string): number {
  if (sighting.hook === 'OUTPUT') return 0;
  if (sighting.hook === 'INPUT') return 3;
  return sighting.host === sender ? 1 : 2;
}

function endpoints(packet: Packet): { from: string; to: string } {
  if (packet.protocol === 'tcp' || packet.protocol === 'udp') {
    return { from: `${packet.src}:${packet.sport}`, to: `${packet.dst}:${packet.dport}` };
  }
  return { from: packet.src ?? '', to: packet.dst ?? '' };
}

function unreachable(packet: never): never {
  throw new Error(`no key for ${JSON.stringify(packet)}`);
}
