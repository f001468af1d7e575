import type { LessonPage, ScenePage } from '../data/report.ts';
import { placeIn, useApp, views } from './app-state.ts';
import { formatLink } from './link.ts';

const runtimes = [
  ['node', 'Node'],
  ['libc', 'libc'],
] as const;

/** The question, which scene of it, which runtime, which view. */
export function LessonHead({ lesson, page }: { lesson: LessonPage; page: ScenePage }) {
  const { report, state, set } = useApp();
  const [runtime = '', protocol = ''] = state.place.variant.split('-');
  return (
    <header class="lesson-head">
      <h1>{capital(lesson.question)}</h1>
      <div class="switches">
        <div class="switch" role="group" aria-label="View">
          {views.map((view, n) => (
            <button key={view} type="button" aria-pressed={state.view === view} onClick={() => set({ view })}>
              {capital(view)} <kbd>{n + 1}</kbd>
            </button>
          ))}
        </div>
        <div class="switch" role="group" aria-label="Runtime">
          {runtimes.map(([name, title]) => {
            const there =
              Object.keys(page.recorded).find((one) => one === `${name}-${protocol}`) ??
              Object.keys(page.recorded).find((one) => one.startsWith(name));
            return (
              <button
                key={name}
                type="button"
                aria-pressed={runtime === name}
                disabled={there === undefined}
                onClick={() =>
                  there !== undefined &&
                  go(placeIn(report, { lesson: lesson.id, scene: page.id, variant: there }))
                }
              >
                {title}
              </button>
            );
          })}
        </div>
        {lesson.scenes.length > 1 && (
          <label class="scene">
            Scene{' '}
            <select
              value={page.id}
              onChange={(event) =>
                go(
                  placeIn(report, {
                    lesson: lesson.id,
                    scene: event.currentTarget.value,
                    variant: state.place.variant,
                  }),
                )
              }
            >
              {lesson.scenes.map(({ id, title }) => (
                <option key={id} value={id}>
                  {id === 'main' ? `main: ${title}` : title}
                </option>
              ))}
            </select>
          </label>
        )}
        <span class="section">Article: {lesson.section}</span>
      </div>
    </header>
  );
}

function go(place: Parameters<typeof formatLink>[0]) {
  location.hash = formatLink(place);
}

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
