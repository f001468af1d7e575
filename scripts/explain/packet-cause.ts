/** Why a packet left, as a clause behind what it is. */
import type { PacketEvent } from '../model/event.ts';
import type { Story } from './story.ts';

export function causeOf({ cause }: PacketEvent, story: Story): string {
  if (cause === undefined) return '';
  const event = story.find(cause.event);
  const how = cause.certainty;
  if (event?.kind === 'call') return ` (because of ${event.name}, line ${event.line}; ${how})`;
  if (event?.kind === 'exit') return ` (the kernel closes what the ended program left open; ${how})`;
  return cause.by === 'packet' ? ` (the kernel answers by itself; ${how})` : '';
}
