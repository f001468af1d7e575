import { columnsOf, lessonOf, sceneOfLesson, useApp } from './app-state.ts';
import { Claims } from './Claims.tsx';
import { Dock } from './Dock.tsx';
import { LessonHead } from './LessonHead.tsx';
import { Sequences } from './Sequences.tsx';
import { StepTable } from './StepTable.tsx';
import { Timelines } from './Timelines.tsx';
import { useScenes } from './use-scenes.ts';

/** A lesson: its question, the view that was asked for, and below it the recordings with what they mean. */
export function LessonView() {
  const { report, state } = useApp();
  const { place, view } = state;
  const lesson = lessonOf(report, place.lesson);
  const page = sceneOfLesson(lesson, place.scene);
  const columns = columnsOf(page, place.variant);
  const opened = useScenes(report, page, columns);
  if (lesson === undefined || page === undefined) return <p class="empty">This run has no lessons.</p>;
  const sides = columns.flatMap((variant, n) => {
    const scene = opened[n];
    return scene === undefined ? [] : [{ variant, scene }];
  });
  return (
    <article class={state.docked ? 'lesson' : 'lesson undocked'}>
      <LessonHead lesson={lesson} page={page} />
      <section class={`view of-${view}`} aria-label={view} tabIndex={0}>
        {view === 'claims' ? (
          <Claims lesson={lesson} />
        ) : sides.length === 0 ? (
          <p class="empty" role="status">
            opening the recording …
          </p>
        ) : view === 'steps' ? (
          <StepTable sides={sides} look={lesson.look} />
        ) : view === 'sequence' ? (
          <Sequences sides={sides} />
        ) : (
          <Timelines sides={sides} />
        )}
      </section>
      {state.docked && <Dock sides={sides} />}
    </article>
  );
}
