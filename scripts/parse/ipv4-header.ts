import { dotted, u16, u8 } from './bytes.ts';

export interface Ipv4Header {
  /** Bytes; 20 without options. */
  headerLength: number;
  tos: number;
  /** Bytes of header and data as sent; a capture may hold fewer. */
  totalLength: number;
  id: number;
  reservedBit: boolean;
  dontFragment: boolean;
  moreFragments: boolean;
  /** Bytes (the field counts units of 8). */
  fragmentOffset: number;
  ttl: number;
  /** IANA protocol number: 1 ICMP, 6 TCP, 17 UDP. */
  protocol: number;
  src: string;
  dst: string;
  options: Uint8Array;
  /** What is above the header, without the padding that Ethernet adds to short frames. */
  data: Uint8Array;
}

/**
 * The IPv4 header, RFC 791 section 3.1; or, as text, why there is none.
 *
 *      0                   1                   2                   3
 *      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *     +-------+-------+---------------+-------------------------------+
 *   0 |Version|  IHL  |Type of service|          Total length         |
 *     +-------+-------+---------------+-----+-------------------------+
 *   4 |         Identification        |x D M|     Fragment offset     |
 *     +---------------+---------------+-----+-------------------------+
 *   8 | Time to live  |    Protocol   |        Header checksum        |
 *     +---------------+---------------+-------------------------------+
 *  12 |                         Source address                        |
 *  16 |                      Destination address                      |
 *  20 |                    Options, if IHL is over 5                  |
 *     +---------------------------------------------------------------+
 *
 * The checksum is not judged: the sending side's recorder stands before the place that computes it.
 */
export function readIpv4Header(bytes: Uint8Array): Ipv4Header | string {
  if (bytes.length < 20) return `IPv4 header of ${bytes.length} bytes, needs 20`;
  const version = u8(bytes, 0) >> 4;
  if (version !== 4) return `IP version ${version} where 4 was announced`;
  const headerLength = (u8(bytes, 0) & 0x0f) * 4;
  const totalLength = u16(bytes, 2);
  if (headerLength < 20) return `IPv4 header says that it is ${headerLength} bytes long, at least 20 are due`;
  if (bytes.length < headerLength) return `IPv4 header of ${bytes.length} bytes, needs ${headerLength}`;
  if (totalLength < headerLength)
    return `IPv4 total length ${totalLength} is below the header's ${headerLength}`;
  const flags = u8(bytes, 6) >> 5;
  return {
    headerLength,
    tos: u8(bytes, 1),
    totalLength,
    id: u16(bytes, 4),
    reservedBit: (flags & 4) !== 0,
    dontFragment: (flags & 2) !== 0,
    moreFragments: (flags & 1) !== 0,
    fragmentOffset: (u16(bytes, 6) & 0x1fff) * 8,
    ttl: u8(bytes, 8),
    protocol: u8(bytes, 9),
    src: dotted(bytes, 12),
    dst: dotted(bytes, 16),
    options: bytes.subarray(20, headerLength),
    data: bytes.subarray(headerLength, totalLength),
  };
}
