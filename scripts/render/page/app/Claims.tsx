import type { Evidence, Verdict } from '../../../model/verdict.ts';
import { labelOf, refer } from '../../ledger.ts';
import { visible } from '../../paint.ts';
import type { LessonPage } from '../data/report.ts';
import { formatLink } from './link.ts';
import { VerdictSign } from './VerdictSign.tsx';

/** The claim ledger of a lesson, and below it what surprises and what is not shown. */
export function Claims({ lesson }: { lesson: LessonPage }) {
  return (
    <div class="claims">
      <table class="ledger">
        <caption class="unseen">What the article says, and how it stands in this run</caption>
        <thead>
          <tr>
            <th scope="col">The article says</th>
            <th scope="col">Variant</th>
            <th scope="col">Stance, verdict</th>
            <th scope="col">Seen</th>
          </tr>
        </thead>
        {lesson.claims.map(({ id, says, verdicts }) => (
          <tbody key={id}>
            {verdicts.map((verdict, n) => (
              <tr key={n}>
                {n === 0 && (
                  <th scope="row" rowSpan={verdicts.length}>
                    {says}
                    <span class="id">{id}</span>
                  </th>
                )}
                <td class={verdict.variant.split('-')[1]}>{labelOf(verdict.variant)}</td>
                <td>
                  <Stand verdict={verdict} />
                </td>
                <td>
                  {visible(verdict.because)}
                  {verdict.why !== undefined && <p class="why">{verdict.why}</p>}
                  <EvidenceLinks {...verdict} />
                </td>
              </tr>
            ))}
          </tbody>
        ))}
      </table>
      <section>
        <h2>What surprises most people</h2>
        <ul>
          {lesson.surprises.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
        <h2>Not shown here</h2>
        <p>{lesson.notShown}</p>
      </section>
    </div>
  );
}

/** `✔ agrees`; what was not met says so in place of its stance. */
export function Stand({ verdict: { verdict, stance } }: { verdict: Pick<Verdict, 'verdict' | 'stance'> }) {
  return (
    <span class={`stand ${verdict} ${stance}`}>
      <VerdictSign verdict={verdict} /> {stance}
      {verdict !== 'met' && <span class="word"> {verdict}</span>}
    </span>
  );
}

/** The lines that prove it, each a link to where it stands; an absence is proved by the fences around it. */
export function EvidenceLinks(props: {
  lesson: string;
  variant: string;
  scene: string;
  evidence: readonly Evidence[];
  most?: number;
}) {
  const { lesson, variant, scene, evidence, most = 8 } = props;
  const fences = evidence.filter(({ text }) => text.startsWith('fence: '));
  const lines = evidence.filter((one) => !fences.includes(one));
  const link = ({ source, line, text }: Evidence) => {
    const name = source.startsWith(`${scene}/`) ? source.slice(scene.length + 1) : source;
    return (
      <li key={refer(source, line)}>
        <a
          class="reference"
          href={formatLink({ lesson, variant, scene, chosen: refer(name, line) })}
          title={visible(text)}
        >
          {refer(source, line)}
        </a>
      </li>
    );
  };
  return (
    <ul class="evidence">
      {lines.slice(0, most).map(link)}
      {lines.length > most && <li>and {lines.length - most} more in verdicts.json</li>}
      {fences.length > 0 && (
        <li>
          <details>
            <summary>nothing between the fences that {fences.length / 2} recorders saw</summary>
            <ul class="evidence">{fences.map(link)}</ul>
          </details>
        </li>
      )}
    </ul>
  );
}
