/** What the lab tells itself when it starts itself again inside its own namespaces. */
import { z } from 'zod';
import { Run } from '../model/run.ts';

export const Plan = z.object({
  lessons: z.array(z.string()),
  /** A folder with lessons beside the project's own. */
  moreLessons: z.string().optional(),
  /** The folder of the run. */
  folder: z.string(),
  /** The folder with the programs, `lab/`. */
  programs: z.string(),
  pairs: z.number().int().positive(),
  /** So many of them with a third host. */
  strangers: z.number().int(),
  /** Four characters, this lab's own; each pair adds one. */
  tag: z.string(),
  /** For the inner half of the namespaces backend, which cannot find it out. */
  netfilter: Run.shape.netfilter.optional(),
  /** False: the programs alone, without recorders. */
  traced: z.boolean(),
  /** A shell on this host, in place of the lessons. */
  shell: z.enum(['client', 'server']).optional(),
});
export type Plan = z.infer<typeof Plan>;

/** Letters and digits that nobody else's lab is likely to draw: log prefixes and interfaces carry them. */
export const drawTag = (): string =>
  Array.from({ length: 4 }, () => Math.floor(Math.random() * 36).toString(36)).join('');
