/** The fields of a TCP header and of its options (RFC 9293 section 3.1, IANA tcp-parameters). */
import { hex, u16, u32, u8 } from './bytes.ts';
import type { Add } from './fields.ts';
import { tcpFlagNames } from './tcp.ts';

export function tcpFields(add: Add, bytes: Uint8Array): void {
  const headerLength = (u8(bytes, 12) >> 4) * 4;
  const flags = tcpFlagNames.filter((_, at) => (u8(bytes, 13) & (0x80 >> at)) !== 0);
  add('source port', 0, 2, String(u16(bytes, 0)));
  add('destination port', 2, 2, String(u16(bytes, 2)));
  add('sequence number', 4, 4, String(u32(bytes, 4)));
  add(
    'acknowledgment',
    8,
    4,
    flags.includes('ACK') ? String(u32(bytes, 8)) : `${u32(bytes, 8)}, not in force`,
  );
  add('data offset', 12, 1, `${headerLength} bytes`);
  add('flags', 13, 1, flags.join(' ') || 'none');
  add('window', 14, 2, String(u16(bytes, 14)));
  add('checksum', 16, 2, `0x${hex(bytes.subarray(16, 18))}`);
  add('urgent pointer', 18, 2, String(u16(bytes, 18)));
  let at = 20;
  while (at < headerLength && at < bytes.length) {
    const kind = u8(bytes, at);
    const length = kind <= 1 ? 1 : u8(bytes, at + 1);
    // A length that leads nowhere: the rest is shown as it stands.
    if (length < 1 || at + length > headerLength) {
      add('options', at, headerLength - at, hex(bytes.subarray(at, headerLength), ' '));
      return;
    }
    const [name, value] = option(kind, bytes.subarray(at, at + length));
    add(name, at, length, value);
    at += length;
  }
}

function option(kind: number, bytes: Uint8Array): [name: string, value: string] {
  switch (kind) {
    case 0:
      return ['option: end', ''];
    case 1:
      return ['option: no operation', ''];
    case 2:
      return ['option: maximum segment size', `${u16(bytes, 2)}`];
    case 3:
      return ['option: window scale', `× ${2 ** u8(bytes, 2)}`];
    case 4:
      return ['option: SACK permitted', ''];
    case 5:
      return ['option: SACK', hex(bytes.subarray(2), ' ')];
    case 8:
      return ['option: timestamps', `value ${u32(bytes, 2)}, echo ${u32(bytes, 6)}`];
    default:
      return [`option ${kind}`, hex(bytes.subarray(2), ' ')];
  }
}
