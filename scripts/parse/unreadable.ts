/** A packet whose headers break off or contradict themselves: kept as `other`, and told apart from the merely unknown. */
import type { Packet } from '../model/packet.ts';

type OtherPacket = Extract<Packet, { protocol: 'other' }>;

const mark = 'unreadable: ';

export const unreadable = (why: string, addresses: { src?: string; dst?: string } = {}): OtherPacket => ({
  protocol: 'other',
  ...(addresses.src !== undefined && { src: addresses.src }),
  ...(addresses.dst !== undefined && { dst: addresses.dst }),
  what: mark + why,
});

/** A reader of a whole recording counts these as Problems. */
export const isUnreadable = (packet: Packet): packet is OtherPacket =>
  packet.protocol === 'other' && packet.what.startsWith(mark);
