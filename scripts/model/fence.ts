/** How a fence looks in a recording (what fences are for: record/fence.ts). */
import type { Packet } from './packet.ts';

export const fencePorts = { first: 61000, last: 65535 } as const;

/** The fence a packet belongs to, by its port; undefined for the lesson's own packets. */
export function fenceOf(packet: Packet): number | undefined {
  if (packet.protocol !== 'tcp' && packet.protocol !== 'udp') return undefined;
  const port = Math.max(packet.sport, packet.dport);
  return port >= fencePorts.first ? port : undefined;
}

/** A fence is whole when all four are there: a SYN, the RST that it draws, and a datagram each way. */
export function isWholeFence(packets: Iterable<Packet>, port: number): boolean {
  const seen = new Set<string>();
  for (const packet of packets) {
    if (fenceOf(packet) !== port) continue;
    if (packet.protocol === 'tcp') seen.add(packet.dport === port ? 'SYN' : 'RST');
    if (packet.protocol === 'udp') seen.add(`datagram from ${packet.src}`);
  }
  return seen.size === 4;
}
