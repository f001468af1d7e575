import type { Packet } from '../model/packet.ts';
import { dotted, u16 } from './bytes.ts';
import { decodeIp } from './ip.ts';
import { unreadable } from './unreadable.ts';

/**
 * An Ethernet frame (RFC 894, no frame check sequence: the kernel never shows it).
 *
 *     +--------------------+--------------------+-----------+------------------
 *     | Destination (6)    | Source (6)         | Type (2)  | Data, 46 or more
 *     +--------------------+--------------------+-----------+------------------
 */
export function decodeEthernet(bytes: Uint8Array): Packet {
  if (bytes.length < 14) return unreadable(`Ethernet header of ${bytes.length} bytes, needs 14`);
  return decodeEtherType(u16(bytes, 12), bytes.subarray(14));
}

/** What an EtherType announces (IANA ieee-802-numbers); Linux's cooked headers use the same numbers. */
export function decodeEtherType(etherType: number, data: Uint8Array): Packet {
  switch (etherType) {
    case 0x0800:
      return decodeIp(data);
    case 0x0806:
      return decodeArp(data);
    case 0x86dd:
      return { protocol: 'other', what: 'IPv6' };
    default:
      return { protocol: 'other', what: `EtherType 0x${etherType.toString(16).padStart(4, '0')}` };
  }
}

/**
 * ARP for IPv4 over Ethernet, RFC 826. Source is the sender's, destination the target's protocol address.
 *
 *   0 hardware type (1)   2 protocol type (0x0800)   4 lengths (6, 4)   6 operation (1 request, 2 reply)
 *   8 sender MAC         14 sender IP               18 target MAC     24 target IP
 */
function decodeArp(bytes: Uint8Array): Packet {
  if (bytes.length < 28) return unreadable(`ARP message of ${bytes.length} bytes, needs 28`);
  const [hardware, protocol, lengths, operation] = [0, 2, 4, 6].map((at) => u16(bytes, at));
  if (hardware !== 1 || protocol !== 0x0800 || lengths !== 0x0604) {
    return { protocol: 'other', what: 'ARP, not for IPv4 over Ethernet' };
  }
  const addresses = { src: dotted(bytes, 14), dst: dotted(bytes, 24) };
  if (operation === 1) return { protocol: 'arp', ...addresses, operation: 'request' };
  if (operation === 2) return { protocol: 'arp', ...addresses, operation: 'reply' };
  return { protocol: 'other', ...addresses, what: `ARP operation ${operation}` };
}
