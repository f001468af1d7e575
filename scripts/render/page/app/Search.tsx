import { useState } from 'preact/hooks';
import { useApp } from './app-state.ts';

/** What is looked for filters the timeline's events; Enter goes there. */
export function Search() {
  const { state, set } = useApp();
  const [text, setText] = useState(state.query);
  return (
    <form
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        set({ query: text, view: 'timeline', other: undefined });
      }}
    >
      <label class="unseen" for="search">
        Search the events of this lesson
      </label>
      <input
        id="search"
        type="search"
        placeholder="search events  /"
        value={text}
        onInput={({ currentTarget: { value } }) => {
          setText(value);
          if (state.view === 'timeline') set({ query: value });
        }}
      />
    </form>
  );
}
