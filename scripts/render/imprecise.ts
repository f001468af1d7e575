/** The page “where the article is imprecise”: every claim of which this run shows something else, and why. */
import type { JudgedVariant } from '../judge/run.ts';
import type { Verdict } from '../model/verdict.ts';
import { labelOf, refer, wrapWords } from './ledger.ts';

const width = 99;

/** What was expected to be otherwise, and was seen. */
export const differing = (judged: readonly Pick<JudgedVariant, 'verdicts'>[]): Verdict[] =>
  judged.flatMap(({ verdicts }) =>
    verdicts.filter(({ stance, verdict }) => stance !== 'agrees' && verdict === 'met'),
  );

export function renderImprecise(judged: readonly JudgedVariant[]): string {
  const lines = judged.flatMap(({ lesson, verdicts }) =>
    differing([{ verdicts }]).flatMap((verdict) => {
      const says = lesson.claims.find(({ id }) => id === verdict.claim)?.says ?? '';
      const row = (title: string, text: string) =>
        wrapWords(text, width - 10).map((line, n) => `${(n === 0 ? title : '').padEnd(10)}${line}`);
      const lines = verdict.evidence.slice(0, 4).map(({ source, line }) => refer(source, line));
      return [
        ...row('says', `${says} (${lesson.section})`),
        ...row(verdict.stance, `${labelOf(verdict.variant)}: ${verdict.what}`),
        ...row('why', verdict.why ?? ''),
        ...row('seen', `${lesson.id}/${verdict.variant} ${lines.join(' ')}`),
        '',
      ];
    }),
  );
  return [
    'Where the article is imprecise',
    '',
    'differs: this runtime or kernel does it otherwise. refutes: the article is wrong here.',
    '',
    ...lines,
  ].join('\n');
}
