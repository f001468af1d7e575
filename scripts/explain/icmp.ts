/** ICMP messages by type and code. */
import type { IcmpPacket } from '../model/packet.ts';
import { asWord, from, lookUp, type Entries, type Explanation } from './explanation.ts';

export function icmpMeans({ type, code, inner }: IcmpPacket): Explanation {
  const entry = lookUp(messages, `${type}/${code}`) ?? lookUp(messages, String(type));
  const about =
    inner === undefined
      ? ''
      : `; it quotes the ${inner.protocol.toUpperCase()} packet from ${inner.src} port ${inner.sport} to ${inner.dst} port ${inner.dport}`;
  return {
    text: `sends ICMP type ${type} code ${code}: ${entry?.[0] ?? 'unknown'}${about}`,
    source: entry?.[1] ?? 'RFC 792',
    words: entry === undefined ? [] : [asWord(`ICMP ${type}/${code}`, entry)],
  };
}

const messages: Entries = {
  ...from('RFC 792', {
    '3/0': 'network unreachable: no way leads there',
    '3/1': 'host unreachable: it does not answer',
    '3/2': 'protocol unreachable: the host does not know it',
    '3/3': 'port unreachable: no socket has that port',
  }),
};
