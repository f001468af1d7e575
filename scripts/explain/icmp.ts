/** ICMP messages by type and code. */
import type { IcmpPacket } from '../model/packet.ts';
import { asWord, from, lookUp, type Entries, type Explanation } from './explanation.ts';
import type { Story } from './story.ts';

export function explainIcmp({ type, code, inner, dst }: IcmpPacket, story: Story): Explanation {
  const entry = lookUp(icmpMessages, `${type}/${code}`) ?? lookUp(icmpMessages, String(type));
  const who = story.hostAt(dst);
  const to = who === undefined ? dst : `the ${who}`;
  const tells =
    entry === undefined
      ? `sends ${to} an ICMP message that this lab does not know`
      : `tells ${to}: ${entry[0]}`;
  return {
    text: `${tells} (ICMP type ${type}, code ${code})${quoted(inner)}`,
    source: entry?.[1] ?? 'RFC 792',
    words: entry === undefined ? [] : [asWord(`ICMP ${type}/${code}`, entry)],
  };
}

/** An error repeats the IP header and the first bytes of what it is about, so that the sender finds the socket. */
function quoted(inner: IcmpPacket['inner']): string {
  if (inner === undefined) return '';
  const ports = inner.protocol === 'tcp' || inner.protocol === 'udp';
  const end = (address: string, port: number) => (ports ? `${address} port ${port}` : address);
  const way = `${end(inner.src, inner.sport)} to ${end(inner.dst, inner.dport)}`;
  return `; it quotes the packet that it is about: ${inner.protocol.toUpperCase()}, from ${way}`;
}

/** `type/code`, or a type whose codes say nothing more. */
export const icmpMessages: Entries = {
  ...from('RFC 792', {
    '0': 'here is the echo you asked for (ping)',
    '3/0': 'network unreachable: no route leads there',
    '3/1': 'host unreachable: no route leads there, or it does not answer ARP',
    '3/2': 'protocol unreachable: that host does not know the protocol',
    '3/3': 'port unreachable: no socket has that port',
    '3/4': 'the packet is too long for the next link and must not be cut: fragmentation needed',
    '3/5': 'the route that the packet prescribes cannot be taken',
    '4': 'slow down (source quench; no longer in use)',
    '5/0': 'there is a better router for that network',
    '5/1': 'there is a better router for that host',
    '5/2': 'there is a better router for that network and type of service',
    '5/3': 'there is a better router for that host and type of service',
    '8': 'send this back (echo request: ping)',
    '11/0': 'the packet has passed too many routers: its time to live ran out',
    '11/1': 'fragments are missing: the packet could not be put together in time',
    '12/0': 'the packet’s header is wrong at the place that is given',
    '13': 'what is your time? (timestamp request)',
    '14': 'this is my time (timestamp reply)',
  }),
  ...from('RFC 1122 section 3.2.2.1', {
    '3/6': 'that network is unknown',
    '3/7': 'that host is unknown',
    '3/8': 'you are cut off',
    '3/9': 'packets to that network are forbidden',
    '3/10': 'packets to that host are forbidden',
    '3/11': 'that network cannot be reached with this type of service',
    '3/12': 'that host cannot be reached with this type of service',
  }),
  ...from('RFC 1812 section 5.2.7.1', {
    '3/13': 'a firewall forbids it: communication administratively prohibited',
    '3/14': 'that host’s precedence forbids it',
    '3/15': 'the packet’s precedence is too low',
  }),
  ...from('RFC 1256', {
    '9': 'I am a router (router advertisement)',
    '10': 'which routers are there? (router solicitation)',
  }),
};
