/** How a fence looks in a recording (what fences are for: record/fence.ts). */
import type { Packet } from './packet.ts';

export const fencePorts = { first: 61000, last: 65535 } as const;

/** The fence a packet belongs to, by its port; undefined for the lesson's own packets. */
export function fenceOf(packet: Packet): number | undefined {
  if (packet.protocol !== 'tcp' && packet.protocol !== 'udp') return undefined;
  const port = Math.max(packet.sport, packet.dport);
  return port >= fencePorts.first ? port : undefined;
}

/**
 * A fence is whole when on each of so many links all four are there: a SYN, the RST that it draws, and a datagram each
 * way; each so often as the recorder sees a packet.
 */
export function isWholeFence(packets: Iterable<Packet>, port: number, links: number, times = 1): boolean {
  const seen = new Map<string, number>();
  for (const packet of packets) {
    if (fenceOf(packet) !== port) continue;
    if (packet.protocol !== 'tcp' && packet.protocol !== 'udp') continue;
    const key = `${packet.protocol} ${packet.src} ${packet.dst}`;
    seen.set(key, (seen.get(key) ?? 0) + 1);
  }
  return seen.size === 4 * links && [...seen.values()].every((count) => count >= times);
}

/** The log of a pair has a line when a packet leaves one host and another when it comes to the other. */
export const timesIn = (source: string): number => (source === 'kernel.log' ? 2 : 1);

/** How many links a recording shows: a capture one, the client's rules those to all other hosts, a log all. */
export const linksIn = (source: string, hosts: number): number =>
  source === 'kernel.log' || source === 'client.nflog.pcap' ? hosts - 1 : 1;
