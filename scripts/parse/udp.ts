import { u16 } from './bytes.ts';

export interface UdpHeader {
  sport: number;
  dport: number;
  /** Header and payload in bytes: of the whole datagram, also where IP cut it into fragments. */
  length: number;
  data: Uint8Array;
}

/**
 * The UDP header, RFC 768: all there is; or, as text, why there is none.
 *
 *      0                   1                   2                   3
 *      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *     +-------------------------------+-------------------------------+
 *   0 |          Source port          |       Destination port        |
 *     +-------------------------------+-------------------------------+
 *   4 |             Length            |            Checksum           |
 *     +-------------------------------+-------------------------------+
 */
export function readUdpHeader(bytes: Uint8Array): UdpHeader | string {
  if (bytes.length < 8) return `UDP header of ${bytes.length} bytes, needs 8`;
  const length = u16(bytes, 4);
  if (length < 8) return `UDP length ${length}, at least 8 are due`;
  return { sport: u16(bytes, 0), dport: u16(bytes, 2), length, data: bytes.subarray(8, length) };
}
