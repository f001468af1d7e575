/** The options of a TCP header in packetdrill's words (RFC 9293 section 3.2, RFC 7323, RFC 2018, RFC 7413). */
import { u16, u32, u8 } from '../../parse/bytes.ts';

/**
 * `mss 1460,sackOK,TS val 1 ecr 0,nop,wscale 10`; undefined where they hold something that has no words there.
 *
 * @param relative a sequence number of the other side, as the transcript counts it: SACK speaks of those
 */
export function sayTcpOptions(bytes: Uint8Array, relative: (seq: number) => number): string | undefined {
  const said: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const kind = u8(bytes, at);
    if (kind === 0) {
      said.push('eol');
      break;
    }
    if (kind === 1) {
      said.push('nop');
      at += 1;
      continue;
    }
    const length = u8(bytes, at + 1);
    if (length < 2 || at + length > bytes.length) return undefined;
    const option = sayOption(kind, bytes.subarray(at + 2, at + length), relative);
    if (option === undefined) return undefined;
    said.push(option);
    at += length;
  }
  return said.join(',');
}

function sayOption(kind: number, value: Uint8Array, relative: (seq: number) => number): string | undefined {
  switch (kind) {
    case 2:
      return `mss ${u16(value, 0)}`;
    case 3:
      return `wscale ${u8(value, 0)}`;
    case 4:
      return 'sackOK';
    case 5: {
      const blocks = Array.from({ length: value.length / 8 }, (_, n) => n * 8);
      return `sack ${blocks.map((at) => `${relative(u32(value, at))}:${relative(u32(value, at + 4))}`).join(' ')}`;
    }
    case 8:
      return `TS val ${u32(value, 0)} ecr ${u32(value, 4)}`;
    default:
      return undefined;
  }
}
