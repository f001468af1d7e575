/**
 * The lesson language. A lesson is one question; its file is pure data: which programs run, in what order things
 * happen, and what must be seen of it for each claim of the article. The engine knows no lesson by name.
 */
import type { Expectation } from './expectation.ts';

export type Runtime = 'node' | 'libc';
export type Protocol = 'tcp' | 'udp';
/** `node-tcp`: a runtime and a protocol. Its programs are `lab/node/tcp-client.ts` and `lab/node/tcp-server.ts`. */
export type Variant = `${Runtime}-${Protocol}`;
export type HostName = 'client' | 'server';

export interface Lesson {
  readonly id: string;
  readonly question: string;
  /** The heading in the article. */
  readonly section: string;
  readonly scenes: readonly Scene[];
  readonly claims: readonly Claim[];
}

/** One play on a pair of hosts. The scene `main` is recorded in the variant's folder, others in a folder inside. */
export interface Scene {
  readonly id: string;
  readonly variants: readonly Variant[];
  /** What the scene is about, where it is not the lesson's own question. */
  readonly title?: string;
  /** About how long it waits for the kernel's timers; the longest begin first. */
  readonly waitsMs?: number;
  readonly story: readonly Act[];
}

/** What happens, in order. Waiting is for a sign (a line printed, a packet seen), never for a time. */
export type Act =
  /** Runs `lab/<runtime>/<protocol>-<host>.ts` on that host, with the server's address and port, then `args`. */
  | { readonly act: 'start'; readonly host: HostName; readonly args: readonly string[] }
  /** Waits until the host's program has printed a line that begins so. */
  | { readonly act: 'printed'; readonly host: HostName; readonly line: string }
  /** Waits until a TCP segment with these flags (as iptables prints them) has reached the host's interface. */
  | { readonly act: 'arrived'; readonly host: HostName; readonly flags: string }
  /** Records the socket tables and counters of both hosts under a name. */
  | { readonly act: 'state'; readonly name: string }
  /** Ends the standard input of the host's program. */
  | { readonly act: 'end-input'; readonly host: HostName }
  /** Sends the host's program SIGTERM. */
  | { readonly act: 'terminate'; readonly host: HostName }
  /** Waits until the host's program has exited. */
  | { readonly act: 'exited'; readonly host: HostName }
  /** From here on the host drops, of the lesson's TCP segments that it receives, those with these flags. */
  | { readonly act: 'drop'; readonly host: HostName; readonly flags: string }
  /** From here on the host drops nothing any more. */
  | { readonly act: 'let-pass'; readonly host: HostName };

/** A claim of the article (CLAIMS), with what each variant must show. */
export interface Claim {
  readonly id: string;
  readonly says: string;
  readonly expect: Partial<Record<Variant, Expectation>>;
}

export const port = 9000;

/** How most stories begin: the server is there before anybody calls. */
export const serverListens: readonly Act[] = [
  { act: 'start', host: 'server', args: [] },
  { act: 'printed', host: 'server', line: 'listening:' },
];

/** How most stories end. */
export const serverEnds: readonly Act[] = [
  { act: 'terminate', host: 'server' },
  { act: 'exited', host: 'server' },
];
