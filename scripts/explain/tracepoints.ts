/** What the kernel did, by the tracepoint that tells it. The subject is the host. */
import type { Event, KernelEvent } from '../model/event.ts';
import { dropReasons } from './drop-reasons.ts';
import { errnoOfNumber } from './errno-numbers.ts';
import { errnos } from './errno.ts';
import { asWord, lookUp, type Entries, type Word } from './explanation.ts';
import { explainFunction } from './functions.ts';
import { icmpMessages } from './icmp.ts';
import { place } from './packet-words.ts';
import { plural } from './reading.ts';
import { kernelState, newState, socketStates } from './socket-states.ts';
import type { Story } from './story.ts';

export interface Told {
  readonly text: string;
  readonly source: string;
  readonly words?: readonly Word[];
}

export const tracepoints: Readonly<Record<string, (event: KernelEvent, story: Story) => Told>> = {
  function: ({ fields }) => {
    const { function: name = '' } = fields;
    const known = explainFunction(name);
    return {
      text: `runs ${name}${known === undefined ? '' : `: ${known.means}`}`,
      source: known?.source ?? 'Documentation/trace/ftrace.rst',
    };
  },
  net_dev_queue: ({ fields, packet }, story) => ({
    text: `hands a frame of ${fields['len'] ?? '?'} bytes${frame(story.find(packet))} to its interface ${fields['dev'] ?? ''}`,
    source: 'include/trace/events/net.h',
  }),
  fib_table_lookup: route,
  inet_sock_set_state: state,
  sk_data_ready: ({ fields }) => ({
    text: `wakes whoever waits for the ${protocolOf(fields)} socket: something has come`,
    source: 'include/trace/events/sock.h',
  }),
  sock_send_length: (event) =>
    length(event, (count, protocol) => `takes ${count} from the program to send over ${protocol}`),
  sock_recv_length: (event) =>
    length(event, (count, protocol) => `gives the program ${count} that came over ${protocol}`),
  sched_switch: ({ fields, stack }) => {
    const place = stack.findLast((name) => !/^_*(?:schedule|wait_woken|poll_schedule)/.test(name));
    const { next_comm: next = 'another thread' } = fields;
    return {
      text: `lets the thread sleep${place === undefined ? '' : ` in ${place}`} until it is woken; ${next.startsWith('swapper') ? 'nobody else wants the processor' : `${next} runs instead`}`,
      source: 'include/trace/events/sched.h',
    };
  },
  kfree_skb: ({ fields }) => {
    const { reason = 'NOT_SPECIFIED', location = '' } = fields;
    const entry = lookUp(dropReasons, reason);
    const where = location === '' ? '' : `, in ${location.replace(/\+.*/, '')}`;
    return {
      text: `throws a packet away${entry === undefined ? '' : `: ${entry[0]}`} (${reason})${where}`,
      source: 'include/net/dropreason-core.h',
      words: wordOf(dropReasons, reason),
    };
  },
  icmp_send: ({ fields, local, peer }) => {
    const { type = '', code = '' } = fields;
    const entry = lookUp(icmpMessages, `${type}/${code}`) ?? lookUp(icmpMessages, type);
    return {
      text: `makes an ICMP message (type ${type}, code ${code}${entry === undefined ? '' : `: ${entry[0]}`}) about the packet from ${place(local ?? '?')} to ${place(peer ?? '?')}`,
      source: entry?.[1] ?? 'RFC 792',
    };
  },
  tcp_retransmit_skb: ({ local, peer, stack, beyond }) => ({
    text: `sends a segment from ${place(local ?? '?')} to ${place(peer ?? '?')} again${
      [...stack, ...beyond].includes('tcp_send_loss_probe')
        ? ', as a probe: the last one may be lost'
        : ': it was not acknowledged in time'
    }`,
    source: [...stack, ...beyond].includes('tcp_send_loss_probe')
      ? 'RFC 8985 section 7'
      : 'RFC 6298 section 5',
  }),
  tcp_retransmit_synack: ({ local, peer, stack, beyond }) => ({
    text: `sends the SYN ACK from ${place(local ?? '?')} to ${place(peer ?? '?')} again: ${
      [...stack, ...beyond].includes('tcp_check_req')
        ? 'the SYN has come again'
        : 'it was not acknowledged in time'
    }`,
    source: 'RFC 6298 section 5',
  }),
  tcp_send_reset: ({ fields, local, peer }) => {
    const reason = fields['reason'];
    const means = reason === undefined ? undefined : lookUp(dropReasons, reason)?.[0];
    const from = local ?? fields['src'] ?? '?';
    const to = peer ?? fields['dest'] ?? '?';
    return {
      text: `sends a RST from ${place(from)} to ${place(to)}${reason === undefined ? '' : ` (${reason}${means === undefined ? '' : `: ${means}`})`}`,
      source: 'RFC 9293 section 3.5.2',
    };
  },
  tcp_receive_reset: ({ local, peer }) => ({
    text: `takes a RST of ${place(peer ?? '?')}: the connection at ${place(local ?? '?')} is over`,
    source: 'RFC 9293 section 3.5.3',
  }),
  inet_sk_error_report: ({ fields, local }) => {
    const name = errnoOfNumber(fields['error']);
    return {
      text:
        name === undefined
          ? `wakes whoever waits for the socket at ${place(local ?? '?')}: it is taken down, without an error`
          : `keeps ${name} in the socket at ${place(local ?? '?')}, for the program’s next call`,
      source: 'include/trace/events/sock.h',
      words: name === undefined ? [] : wordOf(errnos, name),
    };
  },
  udp_fail_queue_rcv_skb: ({ fields, local, peer }) => {
    const way =
      fields['dest'] === undefined
        ? `for the port ${fields['port'] ?? local ?? peer ?? '?'}`
        : `from ${place(fields['src'] ?? '?')} to ${place(fields['dest'])}`;
    const full = errnoOfNumber(fields['rc']) === 'ENOMEM' ? ': the socket’s receive buffer is full' : '';
    return {
      text: `cannot keep a datagram ${way}${full}`,
      source: 'include/trace/events/udp.h',
    };
  },
};

/** ` (TCP: SYN)`, where the capture has that packet. */
function frame(event: Event | undefined): string {
  if (event?.kind !== 'packet') return '';
  const { packet } = event;
  if (packet.protocol === 'tcp') return ` (TCP: ${packet.flags.split(' ').toReversed().join(' ')})`;
  return packet.protocol === 'other' ? '' : ` (${packet.protocol.toUpperCase()})`;
}

/** include/uapi/linux/rtnetlink.h: `local` has the host's own addresses, `main` the routes to others. */
const tables: Readonly<Record<string, string>> = { 255: 'local', 254: 'main', 253: 'default' };

/** What the lookup is for, by the innermost of these functions on its stack. */
const purposes: readonly (readonly [RegExp, string])[] = [
  [/^_*inet_(?:dev_)?addr_type/, ', to learn what kind of address it is'],
  [/^ip_route_output|^inet_csk_route/, ', to find the way out'],
  [/^ip_route_input|^_*fib_validate_source/, ', since a packet has come'],
];

/** (The field `gw` is left over from other events where there is no router: include/trace/events/fib.h does not clear it.) */
function route({ fields, stack, beyond }: KernelEvent): Told {
  const { table = '', daddr = '?', saddr, dev, err } = fields;
  const from = saddr === undefined || saddr === '0.0.0.0' ? '' : `, from ${saddr}`;
  const found = err !== undefined && err !== '0' ? 'there is none' : `found, by interface ${dev ?? '?'}`;
  const inwards = [...stack, ...beyond];
  const purpose = inwards
    .toReversed()
    .map((name) => purposes.find(([form]) => form.test(name))?.[1])
    .find((one) => one !== undefined);
  return {
    text: `looks up the route to ${daddr}${from} (table ${tables[table] ?? table})${purpose ?? ''}: ${found}`,
    source: 'include/trace/events/fib.h',
  };
}

function state(event: KernelEvent): Told {
  const { fields, local, peer } = event;
  const before = kernelState(fields['oldstate']);
  const after = kernelState(fields['newstate']);
  const entry = lookUp(socketStates, `tcp ${after}`);
  const who = peer === undefined || peer.startsWith('0.0.0.0') ? '' : ` with ${place(peer)}`;
  const stays = newState(event);
  const means =
    stays === undefined || stays === 'TIME-WAIT'
      ? `; a smaller socket takes its place and stays in ${stays ?? before}`
      : entry === undefined
        ? ''
        : `: ${entry[0]}`;
  return {
    text: `moves the socket at ${place(local ?? '?')}${who} from ${before} to ${after}${means}`,
    source: 'RFC 9293 section 3.3.2',
    words: wordOf(socketStates, `tcp ${after}`, after),
  };
}

function length(event: KernelEvent, say: (count: string, protocol: string) => string): Told {
  const { fields } = event;
  const source = 'include/trace/events/sock.h';
  const error = errnoOfNumber(fields['error']);
  const count = Number(fields['length'] ?? 0);
  if (error !== undefined || count < 0) {
    const name = error ?? errnoOfNumber(String(count)) ?? 'an error';
    return {
      text: `${say('nothing', protocolOf(fields))}: ${name}`,
      source,
      words: wordOf(errnos, name),
    };
  }
  const end = count === 0 && event.name === 'sock_recv_length' && protocolOf(fields) === 'TCP';
  return {
    text: end
      ? 'tells the program that the TCP stream has ended (0 bytes)'
      : say(plural(count, 'byte'), protocolOf(fields)),
    source,
  };
}

/** `IPPROTO_TCP`, `6`, `0x11`. */
const protocolOf = ({ protocol = '' }: Readonly<Record<string, string>>): string =>
  ({ IPPROTO_TCP: 'TCP', '6': 'TCP', '17': 'UDP' })[protocol] ?? (Number(protocol) === 17 ? 'UDP' : protocol);

function wordOf(table: Entries, key: string, name = key): Word[] {
  const entry = lookUp(table, key);
  return entry === undefined ? [] : [asWord(name, entry)];
}
