import type { Packet } from '../model/packet.ts';
import type { Problem } from '../model/problem.ts';
import { LinkType } from './frame.ts';
import { decodeIp } from './ip.ts';
import { readNflogMessage, type NflogMessage } from './nflog-message.ts';
import { readPcap } from './pcap.ts';
import { readPrefix, type RulePrefix } from './prefix.ts';
import { isUnreadable } from './unreadable.ts';

/** A packet that passed one of the lab's NFLOG rules. `payload` is the whole IP packet. */
export interface NflogFrame extends RulePrefix, NflogMessage {
  /** 1-based frame number. */
  line: number;
  /** When tcpdump took it from the kernel, nanoseconds since 1970 on CLOCK_REALTIME: after it passed the rule. */
  epochNs: bigint;
  packet: Packet;
}

/** A capture of `tcpdump -i nflog:GROUP`, link type 239. Frames of other people's rules are Problems. */
export function readNflog(
  bytes: Uint8Array,
  source: string,
): { frames: NflogFrame[]; problems: Problem[]; consumed: number } {
  const pcap = readPcap(bytes, source);
  const { problems, consumed } = pcap;
  const frames: NflogFrame[] = [];
  if (pcap.linkType !== LinkType.nflog) {
    // Where the file could not be read at all, readPcap has said so.
    if (problems.length === 0) {
      problems.push({
        source,
        line: 0,
        what: `link type ${pcap.linkType} where NFLOG's ${LinkType.nflog} is due`,
      });
    }
    return { frames, problems, consumed };
  }
  for (const { line, epochNs, bytes: raw } of pcap.frames) {
    const message = readNflogMessage(raw, pcap.byteOrder);
    const rule = typeof message === 'string' ? undefined : readPrefix(message.prefix);
    if (typeof message === 'string') {
      problems.push({ source, line, what: message });
    } else if (rule === undefined) {
      problems.push({ source, line, what: `the prefix '${message.prefix}' is not one of this lab's rules` });
    } else {
      const packet = decodeIp(message.payload);
      if (isUnreadable(packet)) problems.push({ source, line, what: packet.what });
      frames.push({ line, epochNs, ...message, ...rule, packet });
    }
  }
  return { frames, problems, consumed };
}
