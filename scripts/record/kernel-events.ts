/** What the kernel recorder asks the kernel to tell. Which of these events a kernel has, it is asked. */

/** The tracer around the program is a process, too: it asks the kernel about every socket that it prints (sock_diag(7)). */
const notStrace = 'comm != "strace"';

/** V8's threads for compiling and for collecting garbage have no sockets, and sleep more often than all others. */
const notCompiling = 'comm != "node-V8Worker" && comm != "DelayedTaskSche"';

const internet = 'family == 2'; // AF_INET
const ipv4 = 'protocol == 0x800'; // ETH_P_IP

/**
 * Events of whatever the lab's programs do, in their own context: by process number, children included.
 *
 * Every event costs a stack. read(2), write(2) and close(2) are not among the calls: a program that starts makes hundreds of
 * them on files, and what they do to a socket has events of its own, with the call at the bottom of their stacks.
 */
export const followed: readonly KernelEventChoice[] = [
  // The calls of the sockets API; and clone(2), whose value is the new thread's number as the program sees it.
  ...['socket', 'bind', 'listen', 'connect', 'accept', 'accept4', 'shutdown'].flatMap(callsOf),
  ...['recvfrom', 'recvmsg', 'recvmmsg', 'sendto', 'sendmsg', 'sendmmsg'].flatMap(callsOf),
  ...['clone', 'clone3', 'fork', 'vfork'].map((name) => ({ event: `syscalls/sys_exit_${name}` })),
  { event: 'sched/sched_process_fork' },
  // What a thread that goes to sleep (TASK_INTERRUPTIBLE) was about: the stack of a blocked reader.
  { event: 'sched/sched_switch', filter: `prev_state == 1 && ${notStrace} && ${notCompiling}` },
  { event: 'fib/fib_table_lookup' },
  { event: 'sock/sk_data_ready', filter: internet },
  { event: 'sock/sock_send_length', filter: internet },
  { event: 'sock/sock_recv_length', filter: internet },
  { event: 'sock/inet_sock_set_state' },
  { event: 'sock/inet_sk_error_report' },
  { event: 'skb/kfree_skb', filter: ipv4 },
  { event: 'icmp/icmp_send' },
  { event: 'tcp/tcp_retransmit_skb' },
  { event: 'tcp/tcp_retransmit_synack' },
  { event: 'tcp/tcp_send_reset' },
  { event: 'tcp/tcp_receive_reset' },
  { event: 'udp/udp_fail_queue_rcv_skb' },
];

/** Events of the pairs' interfaces, in whatever context: a timer's too. */
export const onInterfaces: readonly string[] = ['net/net_dev_queue'];

/** Events of sockets with the lessons' port, in whatever context: kept if the connection is one of the lab's. */
export const onSockets: readonly string[] = [
  'sock/inet_sock_set_state',
  'sock/inet_sk_error_report',
  'icmp/icmp_send',
  'tcp/tcp_retransmit_skb',
  'tcp/tcp_retransmit_synack',
  'tcp/tcp_receive_reset',
];

/** Events of packets, in whatever context: kept if the packet is one that has just left a pair's interface. */
export const onPackets: readonly KernelEventChoice[] = [
  { event: 'skb/kfree_skb', filter: ipv4 },
  { event: 'tcp/tcp_send_reset' },
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
