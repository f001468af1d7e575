/** Where a packet's way ended before its goal, as far as recorders know, as a clause. */
import { dropReasons } from './drop-reasons.ts';
import { lookUp } from './explanation.ts';
import type { KernelEvent, PacketEvent } from '../model/event.ts';
import type { Story } from './story.ts';

export function fateOf(event: PacketEvent, story: Story): string {
  const drop = story.dropOf(event);
  if (drop !== undefined) {
    const reason = drop.fields['reason'] ?? '';
    const means = lookUp(dropReasons, reason)?.[0];
    return `; dropped at the ${placeOf(drop, event, story)}${means === undefined ? '' : `: ${means}`} (${reason}, measured)`;
  }
  if (!story.neverArrived(event)) return '';
  const onWire = event.sightings.some(({ hook }) => hook === 'wire');
  return onWire
    ? '; it never arrives'
    : '; it never gets to the wire: dropped in a queue, or still in it when the recording ends';
}

/** On the receive side of the stack it is the receiver that drops, whoever's thread does its work. */
function placeOf({ stack, beyond }: KernelEvent, { host, to }: PacketEvent, story: Story): string {
  const received = beyond.length > 0 || stack.some((name) => /^(?:ip_rcv|tcp_v4_rcv|udp_rcv)$/.test(name));
  return (received ? story.hostAt(to.replace(/:\d+$/, '')) : undefined) ?? host;
}
