/** What goes wrong on purpose: packets that a host drops on their way in, and a link that is slow. */
import type { Host, Link } from '../hosts/host.ts';
import { port, type Fault } from '../lessons/lesson.ts';

/**
 * The rule as iptables(8) takes it after -A or -D. It stands behind the LOG rules: a packet is logged, then dropped. Of
 * TCP's flags PSH tells data from a bare ACK.
 */
export function dropRule(host: Host, fault: Fault): string {
  const side = host.name === 'server' ? '--dport' : '--sport';
  const flags =
    fault.protocol === 'tcp' ? ` --tcp-flags SYN,ACK,FIN,RST,PSH ${fault.flags.replaceAll(' ', ',')}` : '';
  // --every so large that it never comes round: only the n-th
  const nth =
    fault.nth === undefined ? '' : ` -m statistic --mode nth --every 1000000 --packet ${fault.nth - 1}`;
  return `INPUT -p ${fault.protocol} ${side} ${port}${flags}${nth} -j DROP`;
}

/**
 * A token bucket on the way out. It lets a full frame through at a time, and queues far more than a socket may have
 * in flight, so that it is the socket's own buffer that fills.
 */
export const shape = ({ interface: link }: Link, rate: string): string =>
  `tc qdisc add dev ${link} root tbf rate ${rate} burst 1600 limit 1000000`;

export const unshape = ({ interface: link }: Link): string => `tc qdisc del dev ${link} root`;
