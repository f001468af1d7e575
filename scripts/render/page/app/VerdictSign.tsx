import type { Verdict } from '../../../model/verdict.ts';

const signs = { met: '✔', unmet: '✘', unobserved: '?' } as const;

/** The sign of a verdict, never its colour alone; `word` beside it says it too. */
export function VerdictSign({ verdict }: { verdict: Verdict['verdict'] }) {
  return (
    <span class={`sign ${verdict}`} role="img" aria-label={verdict}>
      {signs[verdict]}
    </span>
  );
}

/** The worst of some verdicts, for a lesson as a whole; what was not seen is worse than nothing to say, better than unmet. */
export function worst(verdicts: readonly Pick<Verdict, 'verdict'>[]): Verdict['verdict'] {
  if (verdicts.some(({ verdict }) => verdict === 'unmet')) return 'unmet';
  return verdicts.some(({ verdict }) => verdict === 'met') ? 'met' : 'unobserved';
}
