/**
 * A packet's headers, decoded to numbers: the same shape whichever recorder saw it, so that a line of the
 * kernel log and a frame of a capture can be compared field by field.
 */
import { z } from 'zod';

const endpoints = {
  /** Dotted IPv4 addresses. */
  src: z.string(),
  dst: z.string(),
};

const ip = {
  ...endpoints,
  /** IP identification (RFC 791); 0 on many segments with DF. */
  id: z.number().int(),
  ttl: z.number().int(),
  /** Total length of the IP packet in bytes, header included. */
  length: z.number().int(),
  /** Fragment offset in bytes and the MF bit; absent on a whole datagram. */
  fragment: z.object({ offset: z.number().int(), more: z.boolean() }).optional(),
};

const ports = { sport: z.number().int(), dport: z.number().int() };

/** Bytes above the transport header; text has one character per byte (Latin-1). Absent where not recorded. */
const payload = { payloadLength: z.number().int(), payload: z.string().optional() };

export const TcpPacket = z.object({
  protocol: z.literal('tcp'),
  ...ip,
  ...ports,
  seq: z.number().int(),
  ack: z.number().int(),
  window: z.number().int(),
  /** As iptables LOG prints them, in its order: `SYN`, `ACK SYN`, `ACK PSH`, `ACK FIN`, `RST`. */
  flags: z.string(),
  ...payload,
});

export const UdpPacket = z.object({ protocol: z.literal('udp'), ...ip, ...ports, ...payload });

export const IcmpPacket = z.object({
  protocol: z.literal('icmp'),
  ...ip,
  type: z.number().int(),
  code: z.number().int(),
  /** The header that an error message quotes (RFC 792). */
  inner: z.object({ protocol: z.string(), ...endpoints, ...ports }).optional(),
});

export const ArpPacket = z.object({
  protocol: z.literal('arp'),
  ...endpoints,
  operation: z.enum(['request', 'reply']),
});

/** Something this lab has no decoder for (IPv6, IGMP): kept, named by `what`. */
export const OtherPacket = z.object({
  protocol: z.literal('other'),
  src: z.string().optional(),
  dst: z.string().optional(),
  what: z.string(),
});

export const Packet = z.discriminatedUnion('protocol', [
  TcpPacket,
  UdpPacket,
  IcmpPacket,
  ArpPacket,
  OtherPacket,
]);
export type Packet = z.infer<typeof Packet>;
export type TcpPacket = z.infer<typeof TcpPacket>;
export type UdpPacket = z.infer<typeof UdpPacket>;
export type IcmpPacket = z.infer<typeof IcmpPacket>;

/** Where in the host's stack a recorder stands; the order in which a packet passes them. */
export const Hook = z.enum(['OUTPUT', 'wire', 'INPUT']);

/** One packet, seen once by one recorder. */
export const Sighting = z.object({
  /** The recording: `client.pcap`, `server.nflog.pcap`, `kernel.log`. */
  source: z.string(),
  /** 1-based frame or line in it. */
  line: z.number().int(),
  host: z.string(),
  hook: Hook,
  /** Nanoseconds since the run's start; the recording's clock and uncertainty stand in run.json. */
  atNs: z.number(),
});
export type Sighting = z.infer<typeof Sighting>;
