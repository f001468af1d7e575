/** States of sockets, as ss(8) writes them and as the kernel's tracer does. */
import type { KernelEvent } from '../model/event.ts';
import { from, type Entries } from './explanation.ts';

const syn = 'its SYN is on the way, and no answer has come';
const halfOpen = 'it has answered a SYN and waits for the last step of the handshake';
const stands = 'the connection stands; data may flow both ways';

/** By protocol and state: UDP borrows TCP's names for what connect(2) has set. */
export const socketStates: Entries = {
  ...from('RFC 9293 section 3.3.2', {
    'tcp LISTEN': 'it waits for others to connect',
    'tcp SYN-SENT': syn,
    'tcp SYN-RECV': halfOpen,
    'tcp SYN-RECEIVED': halfOpen,
    'tcp ESTAB': stands,
    'tcp ESTABLISHED': stands,
    'tcp FIN-WAIT-1': 'its FIN is on the way and not acknowledged',
    'tcp FIN-WAIT-2': 'its FIN is acknowledged; it waits for the other side’s',
    'tcp CLOSE-WAIT': 'the other side has sent its FIN; the program has yet to close',
    'tcp CLOSING': 'both sides have sent a FIN, and its own is not acknowledged',
    'tcp LAST-ACK': 'it has sent its FIN after the other side’s and waits for the acknowledgment',
    'tcp TIME-WAIT':
      'all is said; it stays for 60 s, to answer a FIN sent again and to keep old segments out of a new connection',
    'tcp CLOSED': 'it has no connection',
    'tcp UNCONN': 'it has no connection',
  }),
  ...from('include/net/tcp_states.h', {
    'tcp NEW-SYN-RECV': 'the small socket of a half-open connection',
  }),
  ...from('udp(7)', {
    'udp ESTAB': 'connect(2) has set its peer; the peer has not been told',
    'udp UNCONN': 'it has no peer: datagrams of anybody are taken',
  }),
};

/** `TCP_FIN_WAIT1` → `FIN-WAIT-1`, `TCP_SYN_RECV` → `SYN-RECEIVED`: the names of RFC 9293. */
export function kernelState(name = ''): string {
  const plain = name.replace(/^TCP_/, '');
  return rfcNames[plain] ?? plain.replaceAll('_', '-');
}

const rfcNames: Readonly<Record<string, string>> = {
  SYN_RECV: 'SYN-RECEIVED',
  FIN_WAIT1: 'FIN-WAIT-1',
  FIN_WAIT2: 'FIN-WAIT-2',
  CLOSE: 'CLOSED',
};

/**
 * The state after inet_sock_set_state as ss(8) would show it: `TIME-WAIT`; undefined where nothing has changed for it.
 *
 * The tracepoint says CLOSE where the kernel puts a smaller socket in place that only waits: tcp_time_wait(), which ends
 * in a jump to tcp_done() and then stands on no stack. The other side's FIN after FIN-WAIT-2 leads nowhere else
 * (tcp_fin()). tcp_time_wait() also takes a socket over that nobody holds any more and that still waits for that FIN.
 */
export function newState({
  fields,
  stack,
  beyond,
}: Pick<KernelEvent, 'fields' | 'stack' | 'beyond'>): string | undefined {
  const { oldstate = '', newstate = '' } = fields;
  if (newstate !== 'TCP_CLOSE' || !/^TCP_(?:FIN_WAIT|CLOSING)/.test(oldstate)) return nameOf(newstate);
  const path = [...stack, ...beyond];
  if (path.includes('tcp_fin') || oldstate === 'TCP_CLOSING') return 'TIME-WAIT';
  const waits = path.includes('tcp_time_wait') || path.includes('tcp_rcv_state_process');
  return waits && !path.includes('tcp_reset') ? undefined : 'CLOSE';
}

const nameOf = (state: string): string =>
  state
    .replace(/^TCP_/, '')
    .replaceAll('_', '-')
    .replace(/(?<=FIN-WAIT)(?=\d)/, '-');
