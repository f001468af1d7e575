/** `verdicts.json`: what the recordings of a run say of each claim. */
import { z } from 'zod';

export const Evidence = z.object({
  /** The recording, relative to the variant's folder: `client.strace`, `syn-ack-lost/client.pcap`. */
  source: z.string(),
  /** 1-based line; of a capture, the frame's number. */
  line: z.number().int(),
  /** The line itself; of a frame, the packet in one line. */
  text: z.string(),
});
export type Evidence = z.infer<typeof Evidence>;

export const Verdict = z.object({
  claim: z.string(),
  lesson: z.string(),
  variant: z.string(),
  stance: z.enum(['agrees', 'differs', 'refutes']),
  verdict: z.enum(['met', 'unmet', 'unobserved']),
  /** Met: what was expected and seen. Unmet: what was seen instead. Unobserved: what kept it from being seen. */
  because: z.string(),
  evidence: z.array(Evidence),
});
export type Verdict = z.infer<typeof Verdict>;
