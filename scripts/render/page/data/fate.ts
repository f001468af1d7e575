/**
 * Which packets came to nothing. A packet that a rule of the story drops is logged on its way in and then gone; so it
 * is one that the rule fits and that was sent again, or that nothing followed from.
 */
import type { Act, Fault } from '../../../lessons/lesson.ts';
import type { PacketEvent } from '../../../model/event.ts';
import type { Fate } from './report.ts';

export function fatesOf(
  packets: readonly PacketEvent[],
  story: readonly Act[],
  hosts: readonly { name: string; address: string }[],
): ReadonlyMap<string, Fate> {
  const drops = story.filter((act): act is Extract<Act, { act: 'drop' }> => act.act === 'drop');
  const again = new Set(packets.flatMap(({ repeats }) => repeats ?? []));
  // What a timer repeats has the packet itself as its cause: no sign that it has arrived.
  const answered = new Set(packets.flatMap(({ cause }) => (cause?.by === 'packet' ? [cause.event] : [])));
  const fates = new Map<string, Fate>();
  for (const event of packets) {
    const came = event.receivedBy !== undefined || answered.has(event.id);
    const target = hosts.find(({ address }) => address === event.to.split(':')[0])?.name;
    if (drops.some((act) => act.host === target && fits(event, act)) && (again.has(event.id) || !came))
      fates.set(event.id, 'lost');
    else if (event.packet.protocol === 'udp' && !came) fates.set(event.id, 'unread');
  }
  return fates;
}

function fits({ packet }: PacketEvent, fault: Fault): boolean {
  if (packet.protocol !== fault.protocol) return false;
  if (packet.protocol !== 'tcp' || fault.protocol !== 'tcp') return true;
  const flags = (text: string) => text.split(' ').toSorted().join(' ');
  return flags(packet.flags) === flags(fault.flags);
}
