/**
 * Names of functions in the kernel's stacks, as data: what belongs to the tracer, where another's work begins, and
 * which names mean the same from kernel to kernel.
 */

/** What a compiler adds to the name of a function that it has split or specialised. */
const suffix = /\.(?:constprop|isra|part|cold|llvm)(?:\.\d+)*/g;

/** `do_softirq.part.0` → `do_softirq`; `tcp_v4_connect+0x1a/0x40` → `tcp_v4_connect`. */
export const plainName = (name: string): string => name.replace(/[+ ].*$/, '').replaceAll(suffix, '');

/** The tracer's own frames, which stand on top of every stack. */
export const isTracer = (name: string): boolean =>
  /^(?:trace_event_raw_event_|perf_trace_|call_trace_|__traceiter_|__do_trace_|trace_|ftrace_|stack_trace_|__ftrace_|event_triggers_call|syscall_trace_|perf_syscall_|__bpf_trace_)/.test(
    name,
  );

/**
 * Where the kernel turns from what this thread asked for to packets that have arrived, for whomever: everything
 * from here inwards belongs to its receive side (or to a timer). The outermost of these frames cuts the stack.
 */
const softirqFrames: ReadonlySet<string> = new Set([
  'do_softirq',
  '__do_softirq',
  'do_softirq_own_stack',
  'irq_exit_rcu',
  '__irq_exit_rcu',
  'handle_softirqs',
  'run_ksoftirqd',
  'net_rx_action',
]);
export const isSoftirq = (name: string): boolean => softirqFrames.has(name);

const raisers: ReadonlySet<string> = new Set(['__local_bh_enable_ip', 'local_bh_enable']);

/** Where an interrupt came in, or a thread of the kernel's own begins: what stands before it has nothing to do with it. */
const interrupts =
  /^(?:asm_(?:sysvec|common_interrupt|exc)\w*|sysvec_\w+|common_interrupt|el[01]\w*_irq|ret_from_fork\w*)$/;

/**
 * A stack in reading order, from the call inwards, parted where the softirq begins. `strange`: the thread that it
 * happened on had no part in it; nothing is its own.
 */
export function partStack(stack: readonly string[]): { own: string[]; beyond: string[]; strange: boolean } {
  const strange = stack.findIndex((name) => interrupts.test(name));
  if (strange !== -1) return { own: [], beyond: stack.slice(strange), strange: true };
  let at = stack.findIndex((name) => softirqFrames.has(name));
  if (at === -1) return { own: [...stack], beyond: [], strange: false };
  if (raisers.has(stack[at - 1] ?? '')) at -= 1;
  return { own: stack.slice(0, at), beyond: stack.slice(at), strange: false };
}

/**
 * The article's name of a function (right) and the names that kernels give it or its worker (left): a function that only
 * wraps the other is inlined into it or jumps to it, and then stands on no stack.
 */
const articleNames: Readonly<Record<string, string>> = {
  __tcp_transmit_skb: 'tcp_transmit_skb', // net/ipv4/tcp_output.c
  __ip4_datagram_connect: 'ip4_datagram_connect', // net/ipv4/datagram.c
  __ip_queue_xmit: 'ip_queue_xmit', // since 4.19
  __dev_queue_xmit: 'dev_queue_xmit', // net/core/dev.c
  __sock_sendmsg: 'sock_sendmsg', // since 6.7
  sock_sendmsg_nosec: 'sock_sendmsg',
  sock_recvmsg_nosec: 'sock_recvmsg',
  ____sys_sendmsg: '__sys_sendmsg', // net/socket.c: the part after the headers are copied
  ____sys_recvmsg: '__sys_recvmsg',
  ___sys_sendmsg: '__sys_sendmsg',
  ___sys_recvmsg: '__sys_recvmsg',
  new_sync_write: 'vfs_write', // fs/read_write.c, until inlined
  new_sync_read: 'vfs_read',
  __skb_wait_for_more_packets: 'skb_wait_for_more_packets',
  __inet_stream_connect: 'inet_stream_connect',
  __neigh_update: 'neigh_update',
  handle_softirqs: '__do_softirq', // since 6.9
  entry_SYSCALL_64: 'entry_SYSCALL_64_after_hwframe',
  el0_svc: 'entry_SYSCALL_64_after_hwframe',
};

export const articleName = (name: string): string => articleNames[name] ?? name;

/** Functions that some kernels inline into their callers: a path that names them holds without them. */
export const mayBeInlined: ReadonlySet<string> = new Set([
  'sock_sendmsg',
  'sock_recvmsg',
  'inet_sendmsg',
  'inet_recvmsg',
  'inet_dgram_connect',
  'udp_connect',
  'ip_local_out',
  '__ip_local_out',
  'ip_finish_output',
  '__ip_finish_output',
  'new_sync_write',
  'new_sync_read',
  'skb_wait_for_more_packets',
]);

/** Do these functions stand on the stack in this order, others between them? */
export function holdsPath(stack: readonly string[], path: readonly string[]): boolean {
  const named = stack.map(articleName);
  let from = 0;
  for (const step of path) {
    const at = named.indexOf(articleName(step), from);
    if (at === -1 && mayBeInlined.has(articleName(step))) continue;
    if (at === -1) return false;
    from = at + 1;
  }
  return true;
}

/** Workers of a call that stand on the stack without it: its entry only jumps to them. */
const workers: Readonly<Record<string, string>> = {
  do_readv: 'readv', // fs/read_write.c
  do_writev: 'writev',
  __sys_accept4: 'accept', // net/socket.c: of accept(2), too
  accept4: 'accept',
};

/**
 * The system call at the bottom of a stack in reading order: `__x64_sys_connect`, `__arm64_sys_connect`, `__sys_connect` are
 * connect; `ksys_read` is read. `accept` also for accept4(2). Undefined where the stack names none: what close(2)
 * leaves to do is done on the way out, below no call (task_work_run, until Linux 6.6).
 */
export function callOf(stack: readonly string[]): string | undefined {
  for (const name of stack) {
    const entry = workers[name] ?? /^(?:__(?:x64|ia32|arm64|se|do)_|k|_*)sys_(\w+)$/.exec(name)?.[1];
    if (entry !== undefined) return workers[entry] ?? entry;
  }
  return undefined;
}

/**
 * Where the lab's own instruments do their work: the tracer's stacks, the LOG target, the captures. With all that they
 * call they are no part of what a program's call does.
 */
export const instruments: readonly string[] = [
  ...['stack_trace_save', 'nf_log_packet', 'packet_rcv', 'packet_rcv_spkt', 'tpacket_rcv'],
];

/** The way into the kernel, the same under every call. */
const entries: ReadonlySet<string> = new Set([
  'entry_SYSCALL_64_after_hwframe',
  'entry_SYSCALL_64',
  'do_syscall_64',
  'x64_sys_call',
  'el0t_64_sync',
  'el0t_64_sync_handler',
  'el0_svc',
  'do_el0_svc',
  'el0_svc_common',
  'invoke_syscall',
]);

/** A stack without the entry and the names that say the same twice, in the article's names. */
export function shortPath(stack: readonly string[]): string[] {
  const path: string[] = [];
  for (const name of stack) {
    if (entries.has(name) || /^__(x64|arm64|se|do)_sys_/.test(name)) continue;
    const said = articleName(name);
    if (path.at(-1) !== said) path.push(said);
  }
  return path;
}
