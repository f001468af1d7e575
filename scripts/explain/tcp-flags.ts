/** The control bits of a TCP segment (RFC 9293 section 3.1). */
import { asWord, from, lookUp, type Entries, type Word } from './explanation.ts';

export const tcpFlags: Entries = {
  ...from('RFC 9293 section 3.1', {
    SYN: 'begins a connection: from this number on the sender counts its bytes',
    ACK: 'the acknowledgment number counts: all before it has come; set in all segments but a connection’s first',
    PSH: 'the receiver shall hand the data to its program and not wait for more',
    FIN: 'the sender has no more data',
    RST: 'the connection is over at once; nothing more is sent or read',
    URG: 'the urgent pointer counts: a part of the data is urgent',
  }),
  ...from('RFC 3168 section 6.1', {
    ECE: 'a router has marked a packet instead of dropping it; in a SYN: the sender knows ECN',
    CWR: 'the sender has slowed down after ECE; in a SYN: it knows ECN',
  }),
};

/** @param flags as iptables LOG prints them: `ACK PSH FIN` */
export const flagWords = (flags: string): Word[] =>
  flags.split(' ').flatMap((flag) => {
    const entry = lookUp(tcpFlags, flag);
    return entry === undefined ? [] : [asWord(flag, entry)];
  });
