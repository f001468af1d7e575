import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Report } from '../data/report.ts';
import { AppContext, stateAt, type App, type AppState } from './app-state.ts';
import { ClassMode } from './ClassMode.tsx';
import { Handout } from './Handout.tsx';
import { Help } from './Help.tsx';
import { Imprecise } from './Imprecise.tsx';
import { LessonList } from './LessonList.tsx';
import { LessonView } from './LessonView.tsx';
import { formatLink } from './link.ts';
import { RunFacts } from './RunFacts.tsx';
import { TopBar } from './TopBar.tsx';
import { Unobserved } from './Unobserved.tsx';
import { useKeys } from './use-keys.ts';

/** Everything. The address follows what is shown, and the other way round. */
export function Page({ report }: { report: Report }) {
  const [state, setState] = useState<AppState>(() => stateAt(report, location.hash));
  const app = useMemo<App>(
    () => ({
      ...{ report, state },
      set: (change) => setState((before) => ({ ...before, ...change })),
      choose: (chosen, variant) =>
        setState((before) => ({
          ...before,
          other: undefined,
          place: { ...before.place, ...(variant !== undefined && { variant }), chosen },
        })),
    }),
    [report, state],
  );
  useEffect(() => {
    const follow = () => setState((before) => stateAt(report, location.hash, before));
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, [report]);
  useEffect(() => {
    const hash = state.other === undefined ? formatLink(state.place) : `#/${state.other}`;
    if (location.hash !== hash) history.replaceState(undefined, '', hash);
  }, [state.place, state.other]);
  useEffect(() => {
    document.documentElement.dataset['theme'] = state.theme ?? '';
  }, [state.theme]);
  useKeys(app);

  return (
    <AppContext.Provider value={app}>
      {state.classMode ? (
        <ClassMode />
      ) : (
        <div class="frame">
          <TopBar />
          <LessonList />
          <main id="main" tabIndex={-1}>
            {state.other === undefined && <LessonView />}
            {state.other === 'imprecise' && <Imprecise />}
            {state.other === 'unobserved' && <Unobserved />}
            {state.other === 'run' && <RunFacts />}
          </main>
          {state.help && <Help />}
        </div>
      )}
      <Handout />
    </AppContext.Provider>
  );
}
