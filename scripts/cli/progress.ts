/** What is being recorded: one line that changes on a terminal, one line for each variant elsewhere. */
import type { Part } from '../record/run.ts';

const startOfLine = '\r\x1b[K';

/** Takes the line that changes away, after a lab that was stopped. */
export const clearProgress = (out: NodeJS.WriteStream): unknown => out.isTTY && out.write(startOfLine);

export function startProgress(total: number, out: NodeJS.WriteStream) {
  const begun = new Map<string, number>();
  const running = new Set<string>();
  let done = 0;
  const live = (text: string) =>
    out.isTTY && out.write(`${startOfLine}${text.slice(0, (out.columns || 80) - 1)}`);
  return {
    show: ({ told, variant, scene }: Part, state: 'begins' | 'again' | 'done'): void => {
      const lessons = told.map(({ lesson }) => lesson).join(', ');
      const name = `${lessons} ${variant}${scene.id === 'main' ? '' : ` (${scene.title ?? scene.id})`}`;
      if (state === 'begins') begun.set(name, performance.now());
      if (state === 'again' && !out.isTTY) out.write(`  again     ${name}: a recorder missed a fence\n`);
      if (state === 'done') {
        running.delete(name);
        done += 1;
        const seconds = ((performance.now() - (begun.get(name) ?? 0)) / 1000).toFixed(1);
        if (!out.isTTY) out.write(`  recorded  ${name}  ${seconds} s\n`);
      } else running.add(name);
      live(`  recording ${done}/${total}  ${[...running].join(' · ')}`);
    },
    end: (): unknown => clearProgress(out),
  };
}
