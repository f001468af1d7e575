/** Counters of /proc/net/snmp and /proc/net/netstat: what each counts. */
import { from, type Entries } from './explanation.ts';

export const counters: Entries = {
  ...from('RFC 2013', {
    'Udp.InDatagrams': 'datagrams handed to programs',
    'Udp.NoPorts': 'datagrams for a port that no socket has',
    'Udp.InErrors': 'datagrams that came but could not be handed on',
    'Udp.OutDatagrams': 'datagrams sent by programs',
  }),
};
