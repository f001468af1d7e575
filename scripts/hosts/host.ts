/**
 * Where the programs run: isolated Linux hosts, two to a pair, joined by one link. Some pairs have a third host, a
 * stranger, with a link of its own to the client.
 *
 * A backend is an argv prefix per host and role, plus open and close. A program runs as an ordinary user without
 * any capability; a recorder may look at the host's interfaces and rules.
 */
import type { HostName, ResolverFile } from '../lessons/lesson.ts';
import type { Run } from '../model/run.ts';
import type { Process } from './process.ts';
import type { Tracer } from './slot.ts';
import type { Tracefs } from './tracefs.ts';

/** One end of a cable between two hosts. */
export interface Link {
  /** The host at the other end. */
  readonly to: HostName;
  /** Name of the interface, unlike any other lab's: tracers of the machine see all of them. */
  readonly interface: string;
  /** Its number on this host (ip link); NFLOG knows interfaces by it. */
  readonly index: number;
  /** Its hardware address. */
  readonly hardware: string;
}

export interface Host {
  readonly name: HostName;
  /** IPv4 address on every link. */
  readonly address: string;
  readonly links: readonly Link[];
  /** The command line that runs `argv` on this host as a program. */
  program(argv: readonly string[]): readonly string[];
  /** Does what that command line does, as soon as the program before has ended. */
  start(argv: readonly string[], followed: boolean): Promise<Process>;
  /** Makes the kernel's tracer follow the programs that are started as `followed` from now on. */
  follow(tracer: Tracer): void;
  /** The command line that runs `argv` on this host as a recorder. */
  recorder(argv: readonly string[]): readonly string[];
  /** The same for a person at a terminal. */
  terminal(argv: readonly string[]): readonly string[];
  /** Runs a script in the host's control shell (bash, a recorder's privileges) and gives what it printed. */
  shell(script: string): Promise<string>;
  /** What a program wrote to `path` in the host's scratch folder; the file is gone afterwards. */
  take(path: string): Promise<Buffer>;
  /** A part of a file that the host's programs may read, less of it where the file ends. @throws where they may not */
  read(path: string, from: number, length: number): Promise<Buffer>;
  /** Sends a signal to the program that the process `pid` is, or if `traced` runs under a tracer. */
  signal(pid: number, signal: NodeJS.Signals, traced: boolean): Promise<void>;
  /**
   * What the same program's main thread does: its state as in proc(5), and how often it has given up the processor. If
   * both stay, and the state is S, it waits in a system call.
   */
  doing(pid: number, traced: boolean): Promise<string>;
  /** Gives the host's programs a file of the resolver with this text in place of their own; undone by `undoFiles`. */
  file(path: ResolverFile, text: string): Promise<void>;
  undoFiles(): Promise<void>;
  /** Sets a sysctl of the host's network; gives what it was. */
  sysctl(name: string, value: string): Promise<string>;
}

export interface Pair {
  /** Five characters that no other pair of any lab uses: log prefixes and interfaces carry them. */
  readonly tag: string;
  readonly client: Host;
  readonly server: Host;
  readonly stranger?: Host;
}

export const hostsOfPair = ({ client, server, stranger }: Pair): Host[] => [
  client,
  server,
  ...(stranger ? [stranger] : []),
];

/** The kernel's log as it goes by, and a pen to write marks into it (see record/kernel-log.ts). */
export interface KernelRing extends AsyncDisposable {
  /** Gives every record to `take`, in order, from now on; the ring's past may come first. */
  follow(take: (record: string) => void): void;
  /** Delivers what is there already, where that can be done at once. */
  drain(): void;
  /** Writes `<7>echolab clock NAME` between two readings of the clock that strace and tcpdump stamp with. */
  mark(name: string): Promise<{ before: bigint; after: bigint }>;
}

export interface Backend extends AsyncDisposable {
  readonly name: 'namespaces' | 'docker';
  readonly pairs: readonly Pair[];
  /** Paths as the programs see them: the project's Node, the folder `lab/`, a folder that programs may write. */
  readonly paths: { readonly node: string; readonly lab: string; readonly scratch: string };
  /** Who reads the netfilter rules here, and why not the kernel log. */
  readonly netfilter: Run['netfilter'];
  /** Rejects when a host ends before the backend does; absent where the lab would end with it. */
  readonly broken?: Promise<never>;
  /** The kernel's tracer, or what keeps the lab from it. */
  readonly tracefs: Tracefs | Obstacle;
  /** With LOG: the log. */
  readonly kernelRing?: KernelRing;
}

/** A thing that is missing, as the user is told it: what, why, and how to mend it. */
export interface Obstacle {
  readonly what: string;
  readonly why: string;
  readonly mend: string;
}

/** Thrown where the lab cannot run here; `cli/` prints it and exits with 3. */
export class CannotRun extends Error {
  readonly obstacle: Obstacle;
  constructor(obstacle: Obstacle, options?: ErrorOptions) {
    super(obstacle.what, options);
    this.name = 'CannotRun';
    this.obstacle = obstacle;
  }
}
