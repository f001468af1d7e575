/** Kernel functions that every call may meet: sleeping, waking, timers, locks, memory, security modules. */
import { from, type Entries, type Family } from './explanation.ts';

export const kernelFunctions: Entries = {
  // Where an interrupt found the thread: the work that it brought is done on top of whatever went on.
  ...from('fs/exec.c', {
    do_execveat_common: 'does execve(2): puts another program in the place of this one',
    bprm_execve: 'finds who can load a program of this form, and lets it load',
    begin_new_exec: 'takes leave of the old program: memory, other threads, signal handlers',
  }),
  ...from('fs/binfmt_elf.c', { load_elf_binary: 'maps a program in ELF form and its loader into memory' }),
  ...from('arch/x86/kernel/process.c', { flush_thread: 'forgets the registers of the program before' }),
  ...from('arch/x86/kernel/signal_64.c', {
    restore_sigcontext: 'puts the registers back to where a signal had interrupted the program',
  }),
  ...from('arch/x86/kernel/fpu/signal.c', {
    fpu__restore_sig: 'puts the floating-point registers back after a signal handler',
    __fpu_restore_sig: 'puts the floating-point registers back after a signal handler',
  }),
  ...from('mm/filemap.c', {
    filemap_map_pages: 'shows the program pages of a file that are in memory already',
    next_uptodate_folio: 'looks for the next page of a file that is in memory already',
  }),
  ...from('mm/rmap.c', { folio_add_new_anon_rmap: 'notes who has a fresh page of memory' }),
  ...from('kernel/task_work.c', {
    task_work_run: 'does what was put off until the thread goes back to its program',
  }),
  ...from('kernel/entry/common.c', {
    syscall_exit_to_user_mode: 'ends a system call: back to the program',
    syscall_exit_to_user_mode_prepare: 'ends a system call: is there still anything to do first?',
  }),
  ...from('kernel/signal.c', { ptrace_notify: 'stops the thread and tells its tracer, here strace' }),
  ...from('kernel/sched/core.c', {
    finish_task_switch: 'the thread has the processor again, and tidies up after the one before',
    schedule: 'gives the processor to another thread: this one sleeps',
    __schedule: 'gives the processor to another thread: this one sleeps',
    preempt_schedule_common: 'another thread is more urgent: this one stops here',
    try_to_wake_up: 'wakes a thread',
    default_wake_function: 'wakes the thread that waits',
    __cond_resched: 'lets others have the processor, if they wait',
    io_schedule_timeout: 'sleeps until a device has answered, or a time is over',
  }),
  ...from('kernel/time/timer.c', {
    schedule_timeout: 'sleeps until woken, or until a time is over (SO_RCVTIMEO)',
    mod_timer: 'sets when a timer runs out',
    call_timer_fn: 'a timer has run out: calls its function',
    __run_timers: 'calls the timers that have run out',
    run_timer_softirq: 'calls the timers that have run out',
    lock_timer_base: 'locks the list of timers',
    calc_wheel_index: 'where in the list does a timer stand?',
    enqueue_timer: 'puts a timer into the list',
    detach_if_pending: 'takes a timer out of the list',
    get_nohz_timer_target: 'on which processor shall the timer run?',
  }),
  ...from('kernel/time/hrtimer.c', {
    schedule_hrtimeout_range: 'sleeps until woken, or until a precise time is over',
    schedule_hrtimeout_range_clock: 'sleeps until woken, or until a precise time is over',
    hrtimer_nanosleep: 'nanosleep(2): sleeps for a time',
    do_nanosleep: 'nanosleep(2): sleeps for a time',
    __hrtimer_run_queues: 'calls the precise timers that have run out',
    hrtimer_run_softirq: 'calls the precise timers that have run out',
  }),
  ...from('kernel/sched/wait.c', {
    wait_woken: 'sleeps until woken: here, until the socket has something',
    woken_wake_function: 'wakes the thread that waits',
    add_wait_queue: 'joins those who wait',
    remove_wait_queue: 'leaves those who wait',
    prepare_to_wait_exclusive: 'joins those who wait; only one of them will be woken',
    finish_wait: 'leaves those who wait',
    __wake_up: 'wakes those who wait',
    __wake_up_common: 'wakes those who wait',
    __wake_up_common_lock: 'wakes those who wait',
    __wake_up_sync_key: 'wakes those who wait for this',
  }),
  ...from('kernel/fork.c', {
    kernel_clone: 'makes a new thread or process',
    copy_process: 'makes a new thread or process: copies what it inherits',
  }),
  ...from('kernel/kthread.c', { kthread: 'a thread of the kernel’s own' }),
  ...from('kernel/smpboot.c', { smpboot_thread_fn: 'a thread of the kernel’s own, one on each processor' }),
  ...from('drivers/char/random.c', {
    get_random_bytes: 'gets random bytes',
    _get_random_bytes: 'gets random bytes: the secret of sequence numbers, made at the first connection',
    get_random_u8: 'gets a random number',
    get_random_u16: 'gets a random number',
    get_random_u32: 'gets a random number: here, to choose a port',
    get_random_u64: 'gets a random number',
    crng_make_state: 'makes random bytes',
    crng_fast_key_erasure: 'makes random bytes and forgets how',
  }),
  ...from('net/core/secure_seq.c', {
    secure_tcp_seq:
      'computes the first sequence number from addresses, ports, a secret and the time (RFC 6528)',
    secure_tcp_seq_and_ts_off:
      'computes the first sequence number from addresses, ports, a secret and the time (RFC 6528)',
    secure_tcp_ts_off: 'computes where the timestamps begin, from addresses and a secret',
    secure_ipv4_port_ephemeral:
      'computes where the search for a free port begins, from addresses and a secret (RFC 6056)',
  }),
  ...from('security/security.c', {
    security_socket_connect: 'asks the security modules: may the program connect?',
    security_socket_sendmsg: 'asks the security modules: may the program send?',
    security_socket_recvmsg: 'asks the security modules: may the program receive?',
    security_sk_classify_flow: 'asks the security modules for a packet’s label',
    security_inet_conn_established: 'tells the security modules that a connection stands',
    security_inet_conn_request: 'asks the security modules: may a SYN be answered?',
    security_sock_rcv_skb: 'asks the security modules: may this packet come in?',
  }),
  ...from('mm/usercopy.c', {
    __check_object_size: 'is the memory that is copied from or to the program what it seems?',
    check_stack_object: 'is the memory that is copied from or to the program what it seems?',
  }),
  ...from('net/ipv4/tcp_cubic.c', {
    cubictcp_init: 'starts CUBIC, the usual congestion control (RFC 9438)',
    cubictcp_acked: 'CUBIC: an acknowledgment has come',
    cubictcp_cong_avoid: 'CUBIC: the window grows',
    cubictcp_cwnd_event: 'CUBIC: the connection was silent',
    cubictcp_recalc_ssthresh: 'CUBIC: a loss, the window shrinks',
    cubictcp_state: 'CUBIC: the state of recovery has changed',
  }),
  ...from('arch/x86/kernel/hpet.c', { read_hpet: 'reads the clock (a slow one: a virtual machine’s)' }),
  ...from('arch/x86/kernel/process.c', { copy_thread: 'makes a new thread or process: its registers' }),
  ...from('arch/x86/kernel/fpu/core.c', {
    fpu_clone: 'makes a new thread or process: its floating-point registers',
  }),
};

/** The first that fits counts. */
export const kernelFamilies: readonly Family[] = [
  [/^_*futex_\w+$|^do_futex$/, 'locks of threads: waits or wakes (futex)', 'kernel/futex/waitwake.c'],
  [/^(?:anon_)?pipe_\w+$|^fifo_\w+$/, 'reads, writes or watches a pipe', 'fs/pipe.c'],
  [/^eventfd_\w+$/, 'counts or waits by an eventfd', 'fs/eventfd.c'],
  [/^unix_\w+$/, 'local sockets (AF_UNIX)', 'net/unix/af_unix.c'],
  [
    /^(?:tcp|udp|ip|inet|sock)_\w*(?:init|init_net|net_init|exit_net|net_exit|init_module)$/,
    'is made once: at boot, or with a host of its own (network namespace)',
    'net/ipv4/af_inet.c',
  ],
  [/^_raw_(?:spin|read|write)_(?:try)?lock\w*$/, 'takes a lock', 'kernel/locking/spinlock.c'],
  [/^_raw_(?:spin|read|write)_unlock\w*$/, 'gives a lock back', 'kernel/locking/spinlock.c'],
  [
    /^__s?rcu_read_(?:un)?lock\w*$|^(?:__)?srcu_\w+$/,
    'marks a stretch in which what others remove stays readable (RCU)',
    'kernel/rcu/tree_plugin.h',
  ],
  [
    /^(?:do_)?mutex_\w+$|^__mutex_\w+$/,
    'takes or gives back a lock for which threads sleep',
    'kernel/locking/mutex.c',
  ],
  [
    /^_*k[mvz]*(?:alloc|free)\w*$|^_*kmem_cache_\w+$|^_*kmalloc_\w+$|^should_failslab$|^_*slab_\w+$/,
    'gets or frees memory of the kernel',
    'mm/slab_common.c',
  ],
  [
    /^(?:_*alloc_(?:frozen_)?pages\w*|get_page_from_freelist|_*rmqueue\w*|clear_page_\w+|vma_alloc_\w+|__pte_\w+|__pmd_\w+|pte_\w+|pmd_\w+)$/,
    'gets a page of memory',
    'mm/page_alloc.c',
  ],
  [
    /^(?:handle_mm_fault|__handle_mm_fault|do_anonymous_page|exc_page_fault|asm_exc_page_fault|do_user_addr_fault|do_fault\w*|lock_vma\w*)$/,
    'the thread touched memory that was not there yet: the kernel puts it there; nothing of the network',
    'mm/memory.c',
  ],
  [
    /^_*(?:mem_cgroup|memcg|charge_memcg|obj_cgroup|refill_obj)\w*$/,
    'counts memory for the group of processes',
    'mm/memcontrol.c',
  ],
  [
    /^(?:ktime_get|ktime)\w*$|^(?:__)?[jun]secs_to_jiffies$|^jiffies_to_\w+$/,
    'reads the clock, or turns units of time into others',
    'kernel/time/timekeeping.c',
  ],
  [/^chacha_\w+$/, 'makes random bytes (ChaCha20)', 'lib/crypto/chacha.c'],
  [/^tomoyo_\w+$/, 'Tomoyo, a security module: may the program do this?', 'security/tomoyo/network.c'],
  [
    /^(?:apparmor|aa)_\w+$/,
    'AppArmor, a security module: may the program do this?',
    'security/apparmor/lsm.c',
  ],
  [
    /^selinux_\w+$|^sel_netif_\w+$/,
    'SELinux, a security module: may the program do this?',
    'security/selinux/hooks.c',
  ],
  [/^bpf_lsm_\w+$/, 'a place where a BPF program may decide; here there is none', 'kernel/bpf/bpf_lsm.c'],
  [
    /^(?:bpf_skops|tcp_call_bpf|tcp_bpf|bpf_tcp|udp_bpf|__cgroup_bpf|sock_map|sock_hash)_\w+$/,
    'a place where a BPF program may see or change the connection; here there is none',
    'net/ipv4/tcp_bpf.c',
  ],
  [/^security_\w+$/, 'asks the security modules', 'security/security.c'],
  [/^addr_same$|^idle_cpu$|^__srcu\w+$/, 'a small helper: compares, looks up', 'kernel/sched/core.c'],
  [
    /^(?:asm_)?(?:sysvec|common_interrupt|exc)\w*$|^el[01]\w*_irq$/,
    'an interrupt came: what follows has nothing to do with the thread',
    'arch/x86/include/asm/idtentry.h',
  ],
  [/^ret_from_fork\w*$/, 'where a new thread begins', 'arch/x86/entry/entry_64.S'],
  [/^__list_\w+$|^list_\w+$/, 'checks or changes a list', 'lib/list_debug.c'],
  [/^_*hrtimer_\w+$/, 'precise timers', 'kernel/time/hrtimer.c'],
  [
    /^tcp_(?:md5|v4_md5|v4_parse_md5|sigpool|ao)\w*$|^_*tcp_(?:md5|ao)_\w+$/,
    'signatures of segments (RFC 2385, RFC 5925); nobody asked for them here',
    'net/ipv4/tcp_ao.c',
  ],
  [/^_*tcp_fastopen_\w+$/, 'TCP Fast Open: data with the SYN (RFC 7413)', 'net/ipv4/tcp_fastopen.c'],
  [/^tcp_(?:rack)_\w+$/, 'finds losses by time (RACK, RFC 8985)', 'net/ipv4/tcp_recovery.c'],
  [/^tcp_rate_\w+$/, 'measures how fast data arrives', 'net/ipv4/tcp_rate.c'],
  [/^tcp_plb_\w+$/, 'tries another way through the network after repeated congestion', 'net/ipv4/tcp_plb.c'],
  [
    /^tcp_(?:get_)?metrics_\w+$/,
    'what earlier connections learned about other hosts',
    'net/ipv4/tcp_metrics.c',
  ],
  [
    /^tcp_(?:accecn|ecn|data_ecn)\w*$/,
    'marks of congestion instead of losses (ECN, RFC 3168)',
    'net/ipv4/tcp_ecn.c',
  ],
  [
    /^tcp_(?:zerocopy|mmap|recvmsg_dmabuf|zc|downgrade_zcopy)\w*$/,
    'hands bytes over without copying them',
    'net/ipv4/tcp.c',
  ],
  [/^tcp_(?:ca|\w*congestion_control)\w*$/, 'the list of congestion controls', 'net/ipv4/tcp_cong.c'],
  [/^tcp_\w*ulp\w*$/, 'a layer on top of TCP in the kernel, such as TLS', 'net/ipv4/tcp_ulp.c'],
  [
    /^tcp4?_(?:seq|proc)_\w+$|^(?:listening|established)_get_\w+$/,
    'goes through the table of connections (/proc/net/tcp)',
    'net/ipv4/tcp_ipv4.c',
  ],
  [
    /^_*(?:cookie|tcp_get_cookie|syncookie)\w*$/,
    'SYN cookies: a half-open connection that need not be remembered (RFC 4987)',
    'net/ipv4/syncookies.c',
  ],
  [
    /^_*(?:tcp|udp|ip|inet|inet6|ipv6)_?v?6_\w+$|^_*(?:tcp|udp)_v6_\w+$/,
    'the same for IPv6',
    'net/ipv6/af_inet6.c',
  ],
];
