/** `verdicts.json`: what the recordings of a run say of each claim. */
import { z } from 'zod';

export const Evidence = z.object({
  /** The recording, relative to the variant's folder: `client.strace`, `syn-ack-lost/client.pcap`. */
  source: z.string(),
  /** 1-based line; of a capture, the frame's number. */
  line: z.number().int(),
  /** The line itself, as far as it is not too long; of a frame, the packet in one line. */
  text: z.string(),
});
export type Evidence = z.infer<typeof Evidence>;

export const Verdict = z.object({
  claim: z.string(),
  lesson: z.string(),
  variant: z.string(),
  scene: z.string(),
  stance: z.enum(['agrees', 'differs', 'refutes']),
  /** What was expected. */
  what: z.string(),
  /** Where the stance is not `agrees`: what is otherwise, and why. */
  why: z.string().optional(),
  verdict: z.enum(['met', 'unmet', 'unobserved']),
  /** Met: what was expected and seen. Unmet: what was seen instead. Unobserved: what kept it from being seen. */
  because: z.string(),
  evidence: z.array(Evidence),
});
export type Verdict = z.infer<typeof Verdict>;

/** A question for class, and whether its answer stands in the recordings. */
export const Answer = z.object({
  question: z.string(),
  answer: z.string(),
  ...Verdict.pick({ variant: true, scene: true, verdict: true, because: true, evidence: true }).shape,
});
export type Answer = z.infer<typeof Answer>;
