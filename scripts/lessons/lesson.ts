/**
 * The lesson language. A lesson is one question; its file is pure data: which programs run, in what order things
 * happen, and what must be seen of it for each claim of the article. The engine knows no lesson by name.
 */
import type { Clause, Expectation } from './expectation.ts';

export type Runtime = 'node' | 'libc';
export type Protocol = 'tcp' | 'udp';
/** `node-tcp`: a runtime and a protocol. Its programs are `lab/node/tcp-client.ts` and `lab/node/tcp-server.ts`. */
export type Variant = `${Runtime}-${Protocol}`;
/** `stranger`: a third host, 10.0.0.3, with a link to the client alone. It is there where a story names it. */
export type HostName = 'client' | 'server' | 'stranger';

export interface Lesson {
  readonly id: string;
  readonly question: string;
  /** The heading in the article. */
  readonly section: string;
  /** `make lab` prints it in full; of other lessons a line. */
  readonly inFull?: true;
  /** The kernel's functions that its clients run are counted and listed (render/functions.ts). */
  readonly functions?: true;
  /** What to look at first. */
  readonly look: string;
  /** What surprises most people, each in a sentence. */
  readonly surprises: readonly string[];
  /** What this lesson does not show. */
  readonly notShown: string;
  /** Three questions for class; the run itself checks the answers. */
  readonly ask: readonly Question[];
  readonly scenes: readonly Scene[];
  readonly claims: readonly Claim[];
}

/** A question for class. What its answer says must be seen in the recordings of a variant. */
export interface Question {
  readonly question: string;
  readonly answer: string;
  readonly variant: Variant;
  /** `main` where nothing is said. */
  readonly scene?: string;
  readonly clauses: readonly Clause[];
}

/**
 * One play on a pair of hosts. The scene `main` is recorded in the variant's folder, others in a folder inside.
 * A scene that several lessons tell with the same words is played once.
 */
export interface Scene {
  readonly id: string;
  readonly variants: readonly Variant[];
  /** What the scene is about, where it is not the lesson's own question. */
  readonly title?: string;
  /** About how long it waits for the kernel's timers; the longest begin first. */
  readonly waitsMs?: number;
  /** System calls to trace beside those that every scene traces (record/strace.ts). */
  readonly trace?: readonly string[];
  /**
   * The steps on sockets alone are traced (and `trace`), each with the program's own stack: `userStack` of a call. Walking a
   * stack takes longer than the call, so that this is a scene of its own.
   */
  readonly stacks?: true;
  readonly story: readonly Act[];
}

/** What happens, in order. Waiting is for a sign (a line printed, a packet seen), never for a time. */
export type Act =
  /**
   * Runs a program on that host: `lab/<runtime>/<protocol>-<program>.ts` of the variant, or of any where `program`
   * says all of it (`node/udp-dns-server`). Its arguments are the server's address, the port, then `args`.
   */
  | {
      readonly act: 'start';
      readonly host: HostName;
      /** The host's name where nothing is said: `client`, `server`. */
      readonly program?: string;
      /** In place of the server's address and of port 9000. */
      readonly address?: string;
      readonly port?: string;
      readonly args: readonly string[];
    }
  /**
   * Waits until the host's program has printed a line that begins so. A `$name` in it takes the word that stands
   * there; later acts may use it in their arguments.
   */
  | { readonly act: 'printed'; readonly host: HostName; readonly line: string }
  /** Waits until packets of the lesson's port have reached the host's interface. */
  | ({ readonly act: 'arrived'; readonly host: HostName } & Arrival)
  /** Records the socket tables and counters of the hosts under a name. */
  | { readonly act: 'state'; readonly name: string }
  /** Writes a text to the standard input of the host's program. */
  | { readonly act: 'input'; readonly host: HostName; readonly text: string }
  /** Ends the standard input of the host's program. */
  | { readonly act: 'end-input'; readonly host: HostName }
  /** Sends the host's program a signal. */
  | { readonly act: 'signal'; readonly host: HostName; readonly signal: Signal }
  /** Waits until the host's program waits in a system call: then a signal finds it there, and not on its way. */
  | { readonly act: 'waits'; readonly host: HostName }
  /** Waits until the host's program has exited; `status` is what is meant to be its exit status, 0 if nothing is said. */
  | { readonly act: 'exited'; readonly host: HostName; readonly status?: number }
  /** From here on the host drops, of the lesson's packets that it receives, those that are like this. */
  | ({ readonly act: 'drop'; readonly host: HostName } & Fault)
  /** From here on the host drops nothing any more. */
  | { readonly act: 'let-pass'; readonly host: HostName }
  /** From here on the host's link carries no more than this (tbf, tc-tbf(8)): `80kbit`. */
  | { readonly act: 'shape'; readonly host: HostName; readonly rate: string }
  /** The host's programs find this text in a file that the resolver reads. */
  | { readonly act: 'file'; readonly host: HostName; readonly path: ResolverFile; readonly text: string }
  /** Sets a sysctl of the host's network: `net.ipv4.icmp_ratelimit`. */
  | { readonly act: 'sysctl'; readonly host: HostName; readonly name: string; readonly value: string };

export type Signal = 'SIGTERM' | 'SIGINT' | 'SIGSTOP' | 'SIGCONT';
export type ResolverFile = '/etc/hosts' | '/etc/resolv.conf' | '/etc/nsswitch.conf';

/** What has to have arrived; one packet where neither `bytes` nor `count` says more. */
export interface Arrival {
  /** A TCP segment with these flags, as iptables prints them. */
  readonly flags?: string;
  /** A TCP segment with this window. */
  readonly window?: number;
  /** So many bytes of payload in all. */
  readonly bytes?: number;
}

/** Which packets are lost on their way in. (A UDP packet dropped on its way out would make send(2) fail: EPERM.) */
export type Fault = (
  | { readonly protocol: 'udp' }
  /** As iptables prints them; `ACK PSH`: a segment with data. */
  | { readonly protocol: 'tcp'; readonly flags: string }
) & {
  /** Only the n-th of them, counted from 1; all where nothing is said. */
  readonly nth?: number;
};

/** A claim of the article (CLAIMS), with what each variant must show: one expectation, or one for each of several scenes. */
export interface Claim {
  readonly id: string;
  readonly says: string;
  readonly expect: Partial<Record<Variant, Expectation | readonly Expectation[]>>;
}

export const expectationsOf = (claim: Claim, variant: string): readonly Expectation[] => {
  const found = Object.entries(claim.expect).find(([name]) => name === variant)?.[1];
  return found === undefined ? [] : 'clauses' in found ? [found] : found;
};

/** The hosts of a scene: client and server, and whoever else is named. */
export const hostsOf = ({ story }: Pick<Scene, 'story'>): HostName[] => [
  'client',
  'server',
  ...(story.some((act) => 'host' in act && act.host === 'stranger') ? (['stranger'] as const) : []),
];

export const port = 9000;
