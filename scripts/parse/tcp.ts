import { u16, u32, u8 } from './bytes.ts';

export interface TcpHeader {
  sport: number;
  dport: number;
  seq: number;
  ack: number;
  /** Bytes; 20 without options. */
  headerLength: number;
  /** The four bits between data offset and CWR. */
  reserved: number;
  /** `ACK SYN`: see {@link tcpFlagNames}. */
  flags: string;
  window: number;
  urgentPointer: number;
  options: Uint8Array;
  data: Uint8Array;
}

/** Highest bit first, which is the order of the kernel's LOG (net/netfilter/nf_log_syslog.c, nf_log_dump_tcp_header). */
export const tcpFlagNames = ['CWR', 'ECE', 'URG', 'ACK', 'PSH', 'RST', 'SYN', 'FIN'] as const;

/**
 * The TCP header, RFC 9293 section 3.1; or, as text, why there is none.
 *
 *      0                   1                   2                   3
 *      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *     +-------------------------------+-------------------------------+
 *   0 |          Source port          |       Destination port        |
 *     +-------------------------------+-------------------------------+
 *   4 |                        Sequence number                        |
 *   8 |                     Acknowledgment number                     |
 *     +-------+-------+-+-+-+-+-+-+-+-+-------------------------------+
 *     | Data  |       |C|E|U|A|P|R|S|F|                               |
 *  12 | off-  |Reserv-|W|C|R|C|S|S|Y|I|            Window             |
 *     |  set  |  ed   |R|E|G|K|H|T|N|N|                               |
 *     +-------+-------+-+-+-+-+-+-+-+-+-------------------------------+
 *  16 |           Checksum            |         Urgent pointer        |
 *  20 |                Options, if data offset is over 5              |
 *     +---------------------------------------------------------------+
 */
export function readTcpHeader(bytes: Uint8Array): TcpHeader | string {
  if (bytes.length < 20) return `TCP header of ${bytes.length} bytes, needs 20`;
  const headerLength = (u8(bytes, 12) >> 4) * 4;
  if (headerLength < 20) return `TCP header says that it is ${headerLength} bytes long, at least 20 are due`;
  if (bytes.length < headerLength) return `TCP header of ${bytes.length} bytes, needs ${headerLength}`;
  const flagBits = u8(bytes, 13);
  return {
    sport: u16(bytes, 0),
    dport: u16(bytes, 2),
    seq: u32(bytes, 4),
    ack: u32(bytes, 8),
    headerLength,
    reserved: u8(bytes, 12) & 0x0f,
    flags: tcpFlagNames.filter((_, at) => (flagBits & (0x80 >> at)) !== 0).join(' '),
    window: u16(bytes, 14),
    urgentPointer: u16(bytes, 18),
    options: bytes.subarray(20, headerLength),
    data: bytes.subarray(headerLength),
  };
}
