import { useEffect, useState } from 'preact/hooks';
import { labelOf, refer } from '../../ledger.ts';
import { visible } from '../../paint.ts';
import { columnsOf, lessonOf, sceneOfLesson, useApp } from './app-state.ts';
import { Stand } from './Claims.tsx';
import { capital } from './LessonHead.tsx';
import { openedScene } from './scene.ts';
import { Sequence } from './Sequence.tsx';
import { protocolOf } from './side.ts';
import { HostSteps } from './StepTable.tsx';

/** A page's width between its margins, in CSS pixels (A4, 12 mm each side). */
const paper = 700;
/** A diagram is never cut by the end of a page: so many lines fit on one. */
const most = 47;

/** The lesson on paper. It is there while the browser prints. */
export function Handout() {
  const { report, state } = useApp();
  const [printing, setPrinting] = useState(false);
  useEffect(() => {
    const begin = () => setPrinting(true);
    const end = () => setPrinting(false);
    addEventListener('beforeprint', begin);
    addEventListener('afterprint', end);
    return () => {
      removeEventListener('beforeprint', begin);
      removeEventListener('afterprint', end);
    };
  }, []);
  const lesson = lessonOf(report, state.place.lesson);
  const page = sceneOfLesson(lesson, state.place.scene);
  if (!printing || lesson === undefined || page === undefined) return null;
  const sides = columnsOf(page, state.place.variant).flatMap((variant) => {
    const scene = openedScene(page.recorded[variant]);
    return scene === undefined ? [] : [{ variant, scene }];
  });
  const { machine, backend, user } = report.run;
  return (
    <article class="handout">
      <header>
        <p class="section">
          echolab · {lesson.id} · {lesson.section}
        </p>
        <h1>{capital(lesson.question)}</h1>
        {page.id !== 'main' && <p>Scene: {page.title}</p>}
        <p>{lesson.look}</p>
      </header>
      <h2>Step by step</h2>
      <table class="steps">
        <colgroup>
          <col class="names" />
        </colgroup>
        {(sides[0]?.scene.head.hosts ?? []).map(({ name }) => (
          <HostSteps key={name} host={name} sides={sides} />
        ))}
      </table>
      <h2 class="begins-page">Who sends what, when</h2>
      <div class="sequences" style={{ gridTemplateColumns: `repeat(${sides.length}, 1fr)` }}>
        {sides.map((side) => (
          <section key={side.variant}>
            <h3 class={protocolOf(side.variant)}>{labelOf(side.variant)}, times in ms</h3>
            <Sequence side={side} width={Math.floor(paper / sides.length) - 10} most={most} />
          </section>
        ))}
      </div>
      <p class="legend">
        ● measured on the kernel’s stack · ○ inferred from addresses, bytes and time · ↻ sent again · ✕
        dropped
      </p>
      <h2>What the article says, and what was seen</h2>
      <table class="ledger">
        <tbody>
          {lesson.claims.flatMap(({ id, says, verdicts }) =>
            verdicts.map((verdict, n) => (
              <tr key={`${id} ${n}`}>
                <th scope="row">{n === 0 ? says : ''}</th>
                <td>{labelOf(verdict.variant)}</td>
                <td>
                  <Stand verdict={verdict} />
                </td>
                <td>
                  {visible(verdict.because)}
                  {verdict.why !== undefined && <span class="why"> ({verdict.why})</span>}{' '}
                  <span class="reference">
                    {verdict.evidence
                      .filter(({ text }) => !text.startsWith('fence: '))
                      .slice(0, 3)
                      .map(({ source, line }) => refer(source, line))
                      .join(' ')}
                  </span>
                </td>
              </tr>
            )),
          )}
        </tbody>
      </table>
      <section class="questions">
        <h2>Questions</h2>
        <ol>
          {lesson.answers.map(({ question }) => (
            <li key={question}>
              {question}
              <div class="write" />
            </li>
          ))}
        </ol>
      </section>
      <p class="legend">
        Not shown: {lesson.notShown} Recorded on Linux {machine.kernel} ({machine.system}), {backend}, as{' '}
        {user}; run {visible(report.folder)}.
      </p>
    </article>
  );
}
