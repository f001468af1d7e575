import { placeIn, useApp } from './app-state.ts';
import { formatLink, type OtherPage } from './link.ts';
import { VerdictSign, worst } from './VerdictSign.tsx';

/** The lessons, and what is about all of them. */
export function LessonList() {
  const { report, state } = useApp();
  const verdicts = report.lessons.flatMap(({ claims }) => claims.flatMap((claim) => claim.verdicts));
  const differing = verdicts.filter(({ stance, verdict }) => stance !== 'agrees' && verdict === 'met');
  const unobserved = verdicts.filter(({ verdict }) => verdict === 'unobserved');
  const others: readonly [OtherPage, string, number | undefined][] = [
    ['imprecise', 'Where the article is imprecise', differing.length],
    ['unobserved', 'What was not observed', unobserved.length],
    ['run', 'How it was recorded', undefined],
  ];
  return (
    <nav class="lessons" aria-label="Lessons">
      <ol>
        {report.lessons.map((lesson) => {
          const own = lesson.claims.flatMap((claim) => claim.verdicts);
          const here = state.other === undefined && state.place.lesson === lesson.id;
          const { variant } = state.place;
          return (
            <li key={lesson.id}>
              <a
                href={formatLink(placeIn(report, { lesson: lesson.id, variant }))}
                aria-current={here ? 'page' : undefined}
              >
                <VerdictSign verdict={worst(own)} />
                <span class="id">{lesson.id}</span>
                <span class="question">{lesson.question}</span>
              </a>
            </li>
          );
        })}
      </ol>
      <ul>
        {others.map(([page, title, count]) => (
          <li key={page}>
            <a href={`#/${page}`} aria-current={state.other === page ? 'page' : undefined}>
              {title}
              {count !== undefined && <span class="count"> {count}</span>}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
