import { labelOf } from '../../ledger.ts';
import { useApp } from './app-state.ts';
import { EvidenceLinks, Stand } from './Claims.tsx';

/** Every claim of which this run shows something else than the article says, and why. */
export function Imprecise() {
  const { lessons } = useApp().report;
  const rows = lessons.flatMap((lesson) =>
    lesson.claims.flatMap(({ says, verdicts }) =>
      verdicts
        .filter(({ stance, verdict }) => stance !== 'agrees' && verdict === 'met')
        .map((verdict) => ({ lesson, says, verdict })),
    ),
  );
  return (
    <article class="document" tabIndex={0} aria-label="Where the article is imprecise">
      <h1>Where the article is imprecise</h1>
      <p>
        <b>differs</b>: this runtime or kernel does it otherwise. <b>refutes</b>: the article is wrong here.
        Both were expected before looking, and seen.
      </p>
      {rows.map(({ lesson, says, verdict }, n) => (
        <section key={n} class="difference">
          <h2>
            “{says}” <span class="section">{lesson.section}</span>
          </h2>
          <p>
            <Stand verdict={verdict} /> {labelOf(verdict.variant)}: {verdict.what}
          </p>
          <p>{verdict.why}</p>
          <EvidenceLinks {...verdict} most={4} />
        </section>
      ))}
    </article>
  );
}
