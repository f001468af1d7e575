import type { Packet } from '../model/packet.ts';
import { littleEndian, u16, type ByteOrder } from './bytes.ts';
import { decodeEthernet, decodeEtherType } from './ethernet.ts';
import { decodeIp } from './ip.ts';
import { readNflogMessage } from './nflog-message.ts';
import { unreadable } from './unreadable.ts';

/** Link types, https://www.tcpdump.org/linktypes.html. */
export const LinkType = {
  ethernet: 1,
  rawIp: 101,
  linuxCooked: 113,
  ipv4: 228,
  nflog: 239,
  linuxCooked2: 276,
} as const;

/** A frame of a capture, by the capture's link type. The byte order, the capture's own, matters to NFLOG alone. */
export function decodeFrame(
  linkType: number,
  bytes: Uint8Array,
  byteOrder: ByteOrder = littleEndian,
): Packet {
  switch (linkType) {
    case LinkType.ethernet:
      return decodeEthernet(bytes);
    case LinkType.rawIp:
    case LinkType.ipv4:
      return decodeIp(bytes);
    case LinkType.linuxCooked:
      return decodeCooked(bytes, 16, 14);
    case LinkType.linuxCooked2:
      return decodeCooked(bytes, 20, 0);
    case LinkType.nflog: {
      const message = readNflogMessage(bytes, byteOrder);
      return typeof message === 'string' ? unreadable(message) : decodeIp(message.payload);
    }
    default:
      return unreadable(`link type ${linkType} has no decoder here`);
  }
}

/** `tcpdump -i any`: a made-up header (LINKTYPE_LINUX_SLL 16 bytes, SLL2 20) with an EtherType in it. */
function decodeCooked(bytes: Uint8Array, headerLength: number, typeAt: number): Packet {
  if (bytes.length < headerLength) {
    return unreadable(`Linux cooked header of ${bytes.length} bytes, needs ${headerLength}`);
  }
  return decodeEtherType(u16(bytes, typeAt), bytes.subarray(headerLength));
}
