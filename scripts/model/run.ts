/** `run.json`: what was recorded, on what machine, how, and what was lost. */
import { z } from 'zod';

/** A program that ran on a host, as it can be typed again. */
export const Command = z.object({
  host: z.string(),
  /** The program and its arguments, as its host saw them. */
  argv: z.array(z.string()),
  /** The whole command line, with the tracer and the backend's prefix. */
  traced: z.array(z.string()),
  /** `exit 0`, `SIGKILL`, `killed by the lab after 10 s`. */
  ended: z.string(),
  /** What was meant by the story: `exit 0`, or `exit 1` of a client that waits in vain. */
  meant: z.string(),
});

export type Command = z.infer<typeof Command>;

export const Loss = z.object({
  source: z.string(),
  /** Packets or lines that the recorder says it lost; absent where it only missed a fence. */
  count: z.number().int().optional(),
  why: z.string(),
});
export type Loss = z.infer<typeof Loss>;

export const SceneRecord = z.object({
  lesson: z.string(),
  variant: z.string(),
  scene: z.string(),
  /** The folder of its recordings, relative to the run's. */
  folder: z.string(),
  tag: z.string(),
  hosts: z.array(
    z.object({
      name: z.string(),
      address: z.string(),
      /** Each leads to another host; `index` is the interface's number, by which NFLOG knows it. */
      links: z.array(z.object({ to: z.string(), interface: z.string(), index: z.number().int() })),
    }),
  ),
  /** Ports of the fences around it, see model/fence.ts. */
  fences: z.object({ begin: z.number().int(), end: z.number().int() }),
  /** How often it was recorded until its fences were seen. */
  takes: z.number().int(),
  commands: z.array(Command),
  losses: z.array(Loss),
  /** Raw recordings with their SHA-256; a file that was edited is refused. */
  files: z.record(z.string(), z.string()),
});
export type SceneRecord = z.infer<typeof SceneRecord>;

export const Run = z.object({
  format: z.literal(1),
  /** Epoch nanoseconds on CLOCK_REALTIME, a decimal string; `atNs` of every event counts from here. */
  startedNs: z.string().regex(/^\d+$/),
  wallMs: z.number(),
  machine: z.object({ kernel: z.string(), arch: z.string(), cpus: z.number().int(), system: z.string() }),
  backend: z.enum(['namespaces', 'docker']),
  /** `root` or `ordinary`: what the lab was allowed to do. */
  user: z.enum(['root', 'ordinary']),
  /** Which recorder read the netfilter rules, and why not the kernel log. */
  netfilter: z.object({ recorder: z.enum(['LOG', 'NFLOG']), why: z.string().optional() }),
  /** How deep the kernel recorder saw, and why not deeper. */
  kernel: z
    .object({ tier: z.enum(['none', 'stacks', 'functions', 'graph']), why: z.string().optional() })
    .optional(),
  /** Whether strace could walk the programs' stacks where a scene asked for it, by which library, and why not. */
  stacks: z
    .object({ recorded: z.boolean(), walker: z.string().optional(), why: z.string().optional() })
    .optional(),
  /** The kernel log's clock: epoch ns = stamp ns + offset, within the uncertainty. */
  kernelClock: z.object({ offsetNs: z.string(), uncertaintyNs: z.number() }).optional(),
  tools: z.record(z.string(), z.string()),
  scenes: z.array(SceneRecord),
});
export type Run = z.infer<typeof Run>;
