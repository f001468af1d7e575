/** Keys that work everywhere; Help.tsx lists them. */
import { useEffect } from 'preact/hooks';
import { columnsOf, lessonOf, placeIn, sceneOfLesson, views, type App } from './app-state.ts';
import { formatLink } from './link.ts';

export function useKeys(app: App): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || app.state.classMode) return;
      const typing = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
      if (event.key === 'Escape') {
        if (typing) (event.target as HTMLElement).blur();
        app.set({ help: false });
        return;
      }
      if (typing || !act(event.key, app)) return;
      event.preventDefault();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [app]);
}

/** @returns whether the key means something */
function act(key: string, app: App): boolean {
  const { report, state, set } = app;
  const { place } = state;
  const view = views[Number(key) - 1];
  if (view !== undefined) {
    set({ view, other: undefined });
    return true;
  }
  switch (key) {
    case '[':
    case ']': {
      const at = report.lessons.findIndex(({ id }) => id === place.lesson) + (key === ']' ? 1 : -1);
      const next = report.lessons[(at + report.lessons.length) % report.lessons.length];
      if (next !== undefined)
        location.hash = formatLink(placeIn(report, { lesson: next.id, variant: place.variant }));
      return true;
    }
    case 'n': {
      const [runtime = '', protocol = ''] = place.variant.split('-');
      const variant = `${runtime === 'node' ? 'libc' : 'node'}-${protocol}`;
      location.hash = formatLink(placeIn(report, { lesson: place.lesson, scene: place.scene, variant }));
      return true;
    }
    case 'u': {
      const columns = columnsOf(sceneOfLesson(lessonOf(report, place.lesson), place.scene), place.variant);
      const variant = columns.find((one) => one !== place.variant);
      if (variant !== undefined)
        location.hash = formatLink({ ...placeIn(report, { ...place, variant }), scene: place.scene });
      return true;
    }
    case 'j':
    case 'k':
      return step(key === 'j' ? 1 : -1);
    case 'c':
      set({ classMode: true });
      return true;
    case '/':
      document.querySelector<HTMLElement>('#search')?.focus();
      return true;
    case '?':
      set({ help: !state.help });
      return true;
    case 'b':
      set({ docked: !state.docked });
      return true;
    case 't':
      set({ asTable: !state.asTable });
      return true;
    case 'r':
      set({ spacing: state.spacing === 'even' ? 'real' : 'even' });
      return true;
    case 'd':
      set({ theme: document.documentElement.dataset['theme'] === 'dark' ? 'light' : 'dark' });
      return true;
    default:
      return false;
  }
}

/** The next event in the order of the view. */
function step(by: 1 | -1): boolean {
  const all = [...document.querySelectorAll<HTMLElement>('.view [data-event]')];
  const at = all.findIndex((one) => one.classList.contains('chosen'));
  const next = all[at === -1 ? 0 : at + by];
  if (next === undefined) return true;
  next.dispatchEvent(new MouseEvent('click', { bubbles: true }));
  next.scrollIntoView({ block: 'nearest' });
  return true;
}
