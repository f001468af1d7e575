/** Why a packet left, as a clause behind what it is: a call, the kernel's own answer; measured or inferred. */
import type { PacketEvent } from '../model/event.ts';
import type { Story } from './story.ts';

export function causeOf(event: PacketEvent, story: Story): string {
  const { cause } = event;
  if (cause === undefined || cause.by === 'timer') return ''; // said by the repetition
  const found = story.find(cause.event);
  if (found?.kind === 'call' && !isLaterReset(event, story))
    return ` – by ${found.name} (line ${found.line}, ${cause.certainty})`;
  if (found?.kind === 'exit')
    return ` – by the kernel, which closes what the ended program left open (${cause.certainty})`;
  return found?.kind === 'packet' && !opensWindow(event, story)
    ? ` – the kernel’s own answer (${cause.certainty})`
    : '';
}

/** The call has sent its FIN before: the RST that leaves while it lasts is an answer to what came meanwhile. */
export const isLaterReset = (event: PacketEvent, story: Story): boolean =>
  event.packet.protocol === 'tcp' &&
  event.packet.flags.includes('RST') &&
  story
    .before(event)
    .some(
      ({ from, packet, cause }) =>
        from === event.from &&
        packet.protocol === 'tcp' &&
        packet.flags.includes('FIN') &&
        cause?.event === event.cause?.event,
    );

/** The same acknowledgment with another window is due to the program's read, which nothing here joins with it. */
const opensWindow = ({ packet, repeats, from, ...event }: PacketEvent, story: Story): boolean =>
  packet.protocol === 'tcp' &&
  packet.flags === 'ACK' &&
  packet.payloadLength === 0 &&
  repeats !== undefined &&
  story.before({ packet, from, ...event }).findLast((one) => one.from === from)?.id === repeats;
