/** Something a recording says that this lab could not read: counted and shown, never dropped, never thrown. */
import { z } from 'zod';

export const Problem = z.object({
  source: z.string(),
  /** 1-based line or frame; 0 where it is about the whole file. */
  line: z.number().int(),
  what: z.string(),
});
export type Problem = z.infer<typeof Problem>;
