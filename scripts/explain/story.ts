/** What a sentence about one event must know of the others. */
import type { Timeline } from '../correlate/timeline.ts';
import type { Event, PacketEvent } from '../model/event.ts';

export interface Story {
  /** The event of that id. */
  readonly find: (id: string | undefined) => Event | undefined;
  /** The packets that this one's sender and receiver exchanged before it, with these ports, in order. */
  readonly before: (event: PacketEvent) => readonly PacketEvent[];
  /** The name of the host that has an address. */
  readonly hostAt: (address: string) => string | undefined;
}

export function storyOf({ events, scene }: Timeline): Story {
  const byId = new Map(events.map((event) => [event.id, event]));
  const packets = events.filter((event) => event.kind === 'packet');
  const conversations = Map.groupBy(packets, conversation);
  return {
    find: (id) => (id === undefined ? undefined : byId.get(id)),
    before(event) {
      const all = conversations.get(conversation(event)) ?? [];
      return all.slice(0, all.indexOf(event));
    },
    hostAt: (address) => scene.hosts.find((host) => host.address === address)?.name,
  };
}

const conversation = ({ from, to, packet }: PacketEvent): string =>
  `${packet.protocol} ${[from, to].toSorted().join(' ')}`;
