import { labelOf } from '../../ledger.ts';
import { visible } from '../../paint.ts';
import { useApp } from './app-state.ts';

/** What this run cannot say, and why: recorders that were not there, that lost something, lines nobody could read. */
export function Unobserved() {
  const { lessons, scenes } = useApp().report;
  const claims = lessons.flatMap((lesson) =>
    lesson.claims.flatMap(({ id, says, verdicts }) =>
      verdicts
        .filter(({ verdict }) => verdict === 'unobserved')
        .map((verdict) => ({ lesson, id, says, verdict })),
    ),
  );
  const losses = scenes.flatMap(({ folder, losses }) => losses.map((loss) => ({ folder, ...loss })));
  const unfenced = scenes.flatMap(({ folder, watches }) =>
    watches.filter(({ fenced }) => !fenced).map(({ source, host }) => ({ folder, source, host })),
  );
  const problems = scenes.flatMap(({ folder, problems }) =>
    problems.map((problem) => ({ folder, ...problem })),
  );
  const again = scenes.filter(({ takes }) => takes > 1);
  return (
    <article class="document" tabIndex={0} aria-label="What was not observed">
      <h1>What was not observed, and why</h1>
      <table>
        <caption>Claims without a verdict</caption>
        <thead>
          <tr>
            <th scope="col">Lesson</th>
            <th scope="col">Claim</th>
            <th scope="col">Variant</th>
            <th scope="col">What kept it from being seen</th>
          </tr>
        </thead>
        <tbody>
          {claims.map(({ lesson, says, verdict }, n) => (
            <tr key={n}>
              <td>{lesson.id}</td>
              <td>{says}</td>
              <td>{labelOf(verdict.variant)}</td>
              <td>{visible(verdict.because)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {claims.length === 0 && <p>Every claim of this run has a verdict.</p>}
      <List
        title="Lost by a recorder"
        none="No recorder lost anything."
        lines={losses.map(({ folder, source, count, why }) => `${folder}/${source}: ${count ?? ''} ${why}`)}
      />
      <List
        title="Fences not seen"
        none="Every recorder saw both fences of every scene: what it did not see between them did not happen."
        lines={unfenced.map(({ folder, source, host }) => `${folder}/${source} (${host})`)}
      />
      <List
        title="Lines nobody could read"
        none="Every line of every recording was read."
        lines={problems.map(({ folder, source, line, what }) => `${folder}/${source}:${line} ${what}`)}
      />
      <List
        title="Recorded more than once"
        none="Every scene was recorded at the first take."
        lines={again.map(({ folder, takes }) => `${folder}: ${takes} takes, until its fences were seen`)}
      />
    </article>
  );
}

function List({ title, none, lines }: { title: string; none: string; lines: readonly string[] }) {
  return (
    <section>
      <h2>{title}</h2>
      {lines.length === 0 ? (
        <p>{none}</p>
      ) : (
        <ul>
          {lines.map((line, n) => (
            <li key={n}>{visible(line)}</li>
          ))}
        </ul>
      )}
    </section>
  );
}
