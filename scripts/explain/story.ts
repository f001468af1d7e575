/** What a sentence about one event must know of the others. */
import type { Timeline } from '../correlate/timeline.ts';
import type { Event, KernelEvent, PacketEvent } from '../model/event.ts';

export interface Story {
  /** The event of that id. */
  readonly find: (id: string | undefined) => Event | undefined;
  /** The packets that this one's sender and receiver exchanged before it, with these ports, in order. */
  readonly before: (event: PacketEvent) => readonly PacketEvent[];
  /** Where the kernel's tracer saw the packet dropped. */
  readonly dropOf: (event: PacketEvent) => KernelEvent | undefined;
  /** The receiver's rules did not see the packet, and they saw both fences and lost nothing. */
  readonly neverArrived: (event: PacketEvent) => boolean;
  /** What the kernel's tracer saw of the sending socket as the packet left. */
  readonly onSocket: (name: string, event: PacketEvent) => KernelEvent | undefined;
  /** The name of the host that has an address. */
  readonly hostAt: (address: string) => string | undefined;
}

/** From the interface to the other host's receive side a packet takes microseconds, more while the tracer walks stacks. */
const nearNs = 2e6;

export function storyOf({ events, scene, watches, losses }: Timeline): Story {
  const byId = new Map(events.map((event) => [event.id, event]));
  const packets = events.filter((event) => event.kind === 'packet');
  const kernel = events.filter((event) => event.kind === 'kernel');
  const conversations = Map.groupBy(packets, conversation);
  const queued = kernel.filter(({ name }) => name === 'net_dev_queue');
  const drops = kernel.filter(({ name }) => name === 'kfree_skb');
  const hostAt = (address: string) => scene.hosts.find((host) => host.address === address)?.name;
  return {
    find: (id) => (id === undefined ? undefined : byId.get(id)),
    before(event) {
      const all = conversations.get(conversation(event)) ?? [];
      return all.slice(
        0,
        all.findIndex(({ id }) => id === event.id),
      );
    },
    dropOf(event) {
      const left = queued.find(({ packet }) => packet === event.id);
      if (left === undefined) return undefined;
      // The kernel uses a freed packet's address again; only the first drop soon after can be this one's.
      const sameAddress = (one: KernelEvent) =>
        one.fields['skbaddr'] === left.fields['skbaddr'] && one.atNs >= left.atNs;
      const again = queued.find((one) => one !== left && sameAddress(one));
      return drops.find(
        (one) =>
          sameAddress(one) && one.atNs - left.atNs < nearNs && (again === undefined || one.atNs < again.atNs),
      );
    },
    neverArrived({ packet, to, sightings }) {
      if (packet.protocol === 'arp' || packet.protocol === 'other') return false; // rules see IP
      const receiver = hostAt(to.replace(/:\d+$/, ''));
      if (receiver === undefined || losses.length > 0 || sightings.some(({ host }) => host === receiver))
        return false;
      return watches.some(({ host, at, fenced }) => host === receiver && at === 'rules' && fenced);
    },
    onSocket: (name, { from, to, atNs }) =>
      kernel.find(
        (one) =>
          one.name === name &&
          (one.local ?? one.fields['src']) === from &&
          (one.peer ?? one.fields['dest']) === to &&
          Math.abs(one.atNs - atNs) < nearNs,
      ),
    hostAt,
  };
}

const conversation = ({ from, to, packet }: PacketEvent): string =>
  `${packet.protocol} ${[from, to].toSorted().join(' ')}`;
