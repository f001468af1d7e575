/** What the kernel recorder asks the kernel to tell. Which of these events a kernel has, it is asked. */

/** The tracer around the program is a process, too, and asks more of the kernel than the program does. */
const notStrace = 'comm != "strace"';

/** Events of whatever the lab's programs do, in their own context: by process number, children included. */
export const followed: readonly KernelEventChoice[] = [
  // The calls of the sockets API; and clone(2), whose value is the new thread's number as the program sees it.
  ...['socket', 'bind', 'listen', 'connect', 'accept', 'accept4', 'shutdown', 'close'].flatMap(callsOf),
  ...['read', 'readv', 'recvfrom', 'recvmsg', 'recvmmsg'].flatMap(callsOf),
  ...['write', 'writev', 'sendto', 'sendmsg', 'sendmmsg'].flatMap(callsOf),
  ...['clone', 'clone3', 'fork', 'vfork'].map((name) => ({ event: `syscalls/sys_exit_${name}` })),
  { event: 'sched/sched_process_fork' },
  // What a thread that goes to sleep (TASK_INTERRUPTIBLE) was about: the stack of a blocked reader.
  { event: 'sched/sched_switch', filter: `prev_state == 1 && ${notStrace}` },
  { event: 'fib/fib_table_lookup' },
  { event: 'sock/inet_sock_set_state' },
  { event: 'sock/sk_data_ready', filter: `family == 2 && ${notStrace}` },
  { event: 'sock/inet_sk_error_report' },
  { event: 'sock/sock_send_length', filter: `family == 2 && ${notStrace}` }, // AF_INET
  { event: 'sock/sock_recv_length', filter: `family == 2 && ${notStrace}` },
  { event: 'skb/kfree_skb', filter: 'protocol == 0x800' }, // ETH_P_IP
  { event: 'icmp/icmp_send' },
  { event: 'tcp/tcp_retransmit_skb' },
  { event: 'tcp/tcp_retransmit_synack' },
  { event: 'tcp/tcp_send_reset' },
  { event: 'tcp/tcp_receive_reset' },
  { event: 'udp/udp_fail_queue_rcv_skb' },
];

/** Events of the pairs' interfaces, in whatever context: a timer's too. */
export const onInterfaces: readonly string[] = ['net/net_dev_queue'];

/** Events of sockets with the lessons' port, in whatever context: kept if the socket is one of the lab's. */
export const onSockets: readonly string[] = [
  'sock/inet_sock_set_state',
  'tcp/tcp_retransmit_skb',
  'tcp/tcp_retransmit_synack',
];

export interface KernelEventChoice {
  /** `sock/inet_sock_set_state`: its folder below events/. */
  readonly event: string;
  /** What the kernel shall leave out is what this does not say. */
  readonly filter?: string;
}

function callsOf(name: string): KernelEventChoice[] {
  return ['enter', 'exit'].map((way) => ({ event: `syscalls/sys_${way}_${name}`, filter: notStrace }));
}
