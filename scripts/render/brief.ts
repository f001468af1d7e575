/** A lesson in a line: `✔ write      what does a write to a connected socket do?      6 met, 2 unobserved`. */
import type { JudgedVariant } from '../judge/run.ts';
import type { Lesson } from '../lessons/lesson.ts';
import type { Paint } from './paint.ts';

export function briefly(
  lessons: readonly (readonly [Lesson, readonly JudgedVariant[]])[],
  paint: Paint,
): string[] {
  if (lessons.length === 0) return [];
  const width = Math.max(...lessons.map(([{ question }]) => question.length));
  const lines = lessons.map(([{ id, question }, variants]) => {
    const verdicts = variants.flatMap((variant) => variant.verdicts);
    const counts = (['met', 'unmet', 'unobserved'] as const).map((word) => ({
      word,
      count: verdicts.filter(({ verdict }) => verdict === word).length,
    }));
    const unmet = verdicts.some(({ verdict }) => verdict === 'unmet');
    const said = counts.filter(({ word, count }) => word === 'met' || count > 0);
    const sign = unmet ? paint.red('✘') : paint.green('✔');
    return `${sign} ${id.padEnd(11)} ${question.padEnd(width)}  ${said.map(({ word, count }) => `${count} ${word}`).join(', ')}`;
  });
  return [...lines, paint.dim('  make lab LESSON=NAME prints one in full'), ''];
}
