/** Signals: what sends them, and what happens without a handler. */
import { asWord, from, lookUp, type Entries, type Word } from './explanation.ts';

export const signals: Entries = {
  ...from('signal(7)', {
    SIGABRT: 'the program has given itself up (abort); ends it with a core dump',
    SIGALRM: 'a timer of alarm(2) or setitimer(2) ran out; ends the program',
    SIGBUS: 'memory was touched that is not there; ends the program with a core dump',
    SIGCHLD: 'a child has ended or stopped; ignored by default',
    SIGCLD: 'a child has ended or stopped (the same as SIGCHLD); ignored by default',
    SIGCONT: 'lets a stopped program go on',
    SIGEMT: 'an emulator trap; ends the program with a core dump',
    SIGFPE: 'a wrong computation, such as division by zero; ends the program with a core dump',
    SIGHUP: 'the terminal is gone, or a server is to read its settings again; ends the program',
    SIGILL: 'the CPU does not know the instruction; ends the program with a core dump',
    SIGINT: 'Ctrl-C was typed; ends the program',
    SIGIO: 'a descriptor can be read or written (O_ASYNC); ends the program',
    SIGIOT: 'the program has given itself up (the same as SIGABRT)',
    SIGKILL: 'ends the program; it cannot be caught or ignored',
    SIGLOST: 'a file lock was lost; ends the program',
    SIGPIPE: 'the program writes where nobody reads any more; ends it',
    SIGPOLL: 'a descriptor can be read or written (the same as SIGIO); ends the program',
    SIGPROF: 'a timer of used CPU time ran out; ends the program',
    SIGPWR: 'the power fails; ends the program',
    SIGQUIT: 'Ctrl-\\ was typed; ends the program with a core dump',
    SIGSEGV: 'memory was touched that the program does not have; ends it with a core dump',
    SIGSTKFLT: 'a fault of a coprocessor’s stack, not used any more; ends the program',
    SIGSTOP: 'stops the program until SIGCONT; it cannot be caught or ignored',
    SIGSYS: 'a system call that does not exist or that a filter forbids; ends the program with a core dump',
    SIGTERM: 'the polite request to end; programs may catch it to tidy up',
    SIGTRAP: 'a debugger’s stop; ends the program with a core dump if there is no debugger',
    SIGTSTP: 'Ctrl-Z was typed; stops the program',
    SIGTTIN: 'the program reads the terminal from the background; stops it',
    SIGTTOU: 'the program writes to the terminal from the background; stops it',
    SIGURG: 'urgent data has come on a socket; ignored by default',
    SIGUSR1: 'means what the program makes of it; ends it by default',
    SIGUSR2: 'means what the program makes of it; ends it by default',
    SIGVTALRM: 'a timer of the program’s CPU time ran out; ends it',
    SIGWINCH: 'the terminal’s size has changed; ignored by default',
    SIGXCPU: 'the limit of CPU time is reached; ends the program with a core dump',
    SIGXFSZ: 'the limit of a file’s size is reached; ends the program with a core dump',
    SIGRTMIN: 'the first real-time signal; libc keeps it for itself',
    SIGRTMAX: 'the last real-time signal; ends the program by default',
  }),
  ...from('sigaction(2)', {
    SIG_DFL: 'what happens by default',
    SIG_IGN: 'ignored',
    SIG_ERR: 'an error instead of a handler',
    SA_NOCLDSTOP: 'no SIGCHLD when children stop',
    SA_NOCLDWAIT: 'ended children need no wait(2)',
    SA_NODEFER: 'the signal may interrupt its own handler',
    SA_ONSTACK: 'the handler has a stack of its own',
    SA_RESETHAND: 'the handler serves once',
    SA_RESTART: 'interrupted calls start again, where they can',
    SA_RESTORER: 'libc’s way back from the handler',
    SA_SIGINFO: 'the handler is told who sent the signal and why',
    SI_USER: 'sent by kill(2)',
    SI_TKILL: 'sent by tgkill(2) to one thread',
    SI_KERNEL: 'sent by the kernel',
    SI_QUEUE: 'sent by sigqueue(3)',
    SI_TIMER: 'sent by a timer',
    SEGV_MAPERR: 'nothing is at that address',
    SEGV_ACCERR: 'what is at that address may not be touched so',
  }),
  ...from('sigprocmask(2)', {
    SIG_BLOCK: 'holds these back in addition',
    SIG_UNBLOCK: 'lets these through again',
    SIG_SETMASK: 'holds back these and no others',
  }),
  ...from('sigaltstack(2)', {
    SS_DISABLE: 'there is no such stack',
    SS_ONSTACK: 'it is in use',
    SS_AUTODISARM: 'given up on entry of a handler',
  }),
};

export function explainSignal(name: string): Word | undefined {
  if (/^SIG(?:RT_\d+|RTMIN[+-]\d+|RTMAX-\d+)$/.test(name)) {
    return asWord(name, [
      'a real-time signal: it means what the program makes of it; ends it by default',
      'signal(7)',
    ]);
  }
  const entry = lookUp(signals, name);
  return entry && asWord(name, entry);
}
