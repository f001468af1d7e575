/** Where a packet comes from in the end: a kernel's answer and a timer's repetition lead back to the call that began it. */
import type { CallEvent, Cause, Event, PacketEvent } from '../../model/event.ts';

export interface Origin {
  /** The call, or the end of a program, that it began with; absent where nothing is known. */
  readonly first: Event | undefined;
  /** The packets between that and this one, the nearest first; none where the call itself sent it. */
  readonly through: readonly PacketEvent[];
}

export function originOf(event: PacketEvent, find: (id: string) => Event | undefined): Origin {
  const through: PacketEvent[] = [];
  let cause: Cause | undefined = event.cause;
  while (cause !== undefined) {
    const before = find(cause.event);
    // A chain only leads backwards; a recording that says otherwise must not hold anybody up.
    if (before?.kind !== 'packet' || through.includes(before)) return { first: before, through };
    through.push(before);
    cause = before.cause;
  }
  return { first: undefined, through };
}

/** `connect(2): pid 1371, descriptor 21, client.strace:86` */
export const sayCall = ({ name, pid, fd, source, line }: CallEvent): string =>
  `${name}(2): pid ${pid}, ${fd === undefined ? '' : `descriptor ${fd}, `}${source}:${line}`;

/** How sure a cause is, in words. */
export const sayCertainty = ({ certainty }: Cause): string =>
  certainty === 'measured' ? 'measured on the kernel’s stack' : 'inferred from addresses, bytes and time';
