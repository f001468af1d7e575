/** The questions for class, each checked against this run; the answers only where they are asked for. */
import type { JudgedVariant } from '../judge/run.ts';
import { refer, wrapWords } from './ledger.ts';
import { visible, type Paint } from './paint.ts';

const width = 99;
const indent = ' '.repeat(4);

export function renderQuestions(
  variants: readonly JudgedVariant[],
  { paint, answers: reveal }: { paint: Paint; answers: boolean },
): string[] {
  const order = variants[0]?.lesson.ask.map(({ question }) => question) ?? [];
  const answers = variants
    .flatMap((variant) => variant.answers)
    .toSorted((one, other) => order.indexOf(one.question) - order.indexOf(other.question));
  const block = (text: string) => wrapWords(text, width - indent.length).map((line) => indent + line);
  const lines = answers.flatMap(({ question, answer, verdict, because, evidence }, n) => {
    const [first = '', ...more] = block(question);
    const where = evidence.slice(0, 3).map(({ source, line }) => refer(source, line));
    const shown = where.length === 0 ? 'nothing of it between the fences' : where.join(' ');
    const said = verdict === 'met' ? `${answer} (${shown})` : `not so in this run: ${visible(because)}`;
    return [
      `${String(n + 1).padStart(2)}  ${first.trimStart()}`,
      ...more,
      ...(reveal ? block(said).map((line) => paint.dim(line)) : []),
    ];
  });
  const hint = reveal ? [] : [paint.dim(`${indent}answers, checked against this run: ARGS=--answers`)];
  return lines.length === 0 ? [] : [paint.bold('Questions for class'), ...lines, ...hint];
}
