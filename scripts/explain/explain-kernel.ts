/** What the kernel's tracer saw. */
import type { KernelEvent } from '../model/event.ts';
import type { Explanation } from './explanation.ts';
import type { Story } from './story.ts';

export function explainKernel({ name }: KernelEvent, _story: Story): Explanation {
  return { text: `the kernel passes its tracepoint ${name}`, source: 'tracefs', words: [] };
}
