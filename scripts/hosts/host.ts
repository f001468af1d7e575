/**
 * Where the programs run: isolated Linux hosts, two to a pair, joined by one link.
 *
 * A backend is an argv prefix per host and role, plus open and close. A program runs as an ordinary user without
 * any capability; a recorder may look at the host's interfaces and rules.
 */
import type { Run } from '../model/run.ts';

export interface Host {
  /** `client` or `server`. */
  readonly name: string;
  /** IPv4 address on the link. */
  readonly address: string;
  /** Name of the link's interface, unlike any other lab's: tracers of the machine see all of them. */
  readonly interface: string;
  /** Its hardware address. */
  readonly hardware: string;
  /** The command line that runs `argv` on this host as a program. */
  program(argv: readonly string[]): readonly string[];
  /** The command line that runs `argv` on this host as a recorder. */
  recorder(argv: readonly string[]): readonly string[];
  /** The same for a person at a terminal. */
  terminal(argv: readonly string[]): readonly string[];
  /** Runs a script in the host's control shell (bash, a recorder's privileges) and gives what it printed. */
  shell(script: string): Promise<string>;
  /** What a program wrote to `path` in the host's scratch folder; the file is gone afterwards. */
  take(path: string): Promise<Buffer>;
  /** Sends a signal to the program that `pid`, a child of this process, runs, if `traced` under a tracer. */
  signal(pid: number, signal: 'SIGTERM' | 'SIGKILL', traced: boolean): Promise<void>;
}

export interface Pair {
  /** Five characters that no other pair of any lab uses: log prefixes and interfaces carry them. */
  readonly tag: string;
  readonly client: Host;
  readonly server: Host;
}

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
  /** The folder of the kernel's tracer, or what keeps the lab from it. */
  readonly tracefs: string | Obstacle;
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
