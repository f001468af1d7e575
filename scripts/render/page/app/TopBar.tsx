import { visible } from '../../paint.ts';
import { useApp } from './app-state.ts';
import { Search } from './Search.tsx';

/** The name of the page, what was recorded where, and what is true of every view. */
export function TopBar() {
  const { report, state, set } = useApp();
  const { machine, backend, user } = report.run;
  const dark =
    state.theme === 'dark' ||
    (state.theme === undefined && matchMedia('(prefers-color-scheme: dark)').matches);
  return (
    <header class="top">
      <a class="skip" href="#main" onClick={(event) => focusMain(event)}>
        to the lesson
      </a>
      <strong class="name">echolab</strong>
      <span class="machine">
        Linux {visible(machine.kernel)} · {backend}, {user}
      </span>
      <Search />
      <button type="button" onClick={() => set({ classMode: true })}>
        Class mode <kbd>c</kbd>
      </button>
      <button type="button" onClick={() => print()}>
        Handout
      </button>
      <button type="button" onClick={() => set({ theme: dark ? 'light' : 'dark' })}>
        {dark ? 'Light' : 'Dark'}
      </button>
      <button type="button" onClick={() => set({ help: true })} aria-label="Keys and signs">
        ?
      </button>
    </header>
  );
}

/** The address says where one is: it must not be changed for a jump. */
function focusMain(event: Event) {
  event.preventDefault();
  document.querySelector<HTMLElement>('#main')?.focus();
}
