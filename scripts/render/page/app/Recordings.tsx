import { useEffect } from 'preact/hooks';
import type { Entry } from '../data/report.ts';
import { tabs, useApp, type Tab } from './app-state.ts';
import { GraphTree } from './GraphTree.tsx';
import { capital } from './LessonHead.tsx';
import { PacketList } from './PacketList.tsx';
import type { Side } from './side.ts';
import { hostOf, linesOf, tabOf } from './sources.ts';
import { TextLines } from './TextLines.tsx';

/** The raw recordings of a variant, by kind and host. What was chosen opens where it stands. */
export function Recordings({ side, entry }: { side: Side; entry: Entry | undefined }) {
  const { state, set } = useApp();
  const { chosen } = state.place;
  const raw = linesOf(entry, chosen);
  // A packet stands in several recordings: the tab in view, if it is one of them.
  const open = raw.find(({ source }) => tabOf(source) === state.tab) ?? raw[0];
  useEffect(() => {
    if (open === undefined) return;
    set({ tab: tabOf(open.source), host: hostOf(open.source) ?? state.host });
  }, [chosen, side.variant]);

  const order = side.scene.head.hosts.map(({ name }) => name);
  const files = side.scene.files
    .filter(({ name }) => tabOf(name) === state.tab)
    .toSorted(
      (one, other) => order.indexOf(hostOf(one.name) ?? '') - order.indexOf(hostOf(other.name) ?? ''),
    );
  const file = files.find(({ name }) => hostOf(name) === state.host) ?? files[0];
  const line = raw.find(({ source }) => source === file?.name)?.line;
  return (
    <>
      <div class="tabs" role="tablist" aria-label="Recordings">
        {tabs.map((tab) => (
          <button
            key={tab}
            type="button"
            role="tab"
            id={`tab-${tab}`}
            aria-selected={tab === state.tab}
            aria-controls="recording"
            tabIndex={tab === state.tab ? 0 : -1}
            onClick={() => set({ tab })}
            onKeyDown={(event) => stepTabs(event, tab, (next) => set({ tab: next }))}
          >
            {capital(tab)}
          </button>
        ))}
      </div>
      {files.length > 1 && (
        <div class="switch hosts" role="group" aria-label="Host">
          {files.map(({ name }) => (
            <button
              key={name}
              type="button"
              aria-pressed={name === file?.name}
              onClick={() => set({ host: hostOf(name) ?? state.host })}
            >
              {hostOf(name) ?? name}
            </button>
          ))}
        </div>
      )}
      <div id="recording" role="tabpanel" aria-labelledby={`tab-${state.tab}`} class="recording">
        {file === undefined ? (
          <Missing tab={state.tab} />
        ) : file.is === 'capture' ? (
          <PacketList key={`${side.variant} ${file.name}`} side={side} name={file.name} line={line} />
        ) : tabOf(file.name) === 'graph' ? (
          <GraphTree key={`${side.variant} ${file.name}`} side={side} name={file.name} line={line} />
        ) : (
          <TextLines key={`${side.variant} ${file.name}`} side={side} name={file.name} line={line} />
        )}
      </div>
    </>
  );
}

/** Not recorded is not the same as nothing there: the reason stands in its place. */
function Missing({ tab }: { tab: Tab }) {
  const { kernel, netfilter } = useApp().report.run;
  const why =
    tab === 'kernel' || tab === 'graph'
      ? (kernel?.why ?? 'the kernel’s tracer did not run in this run')
      : tab === 'LOG'
        ? (netfilter.why ?? 'no rules were read')
        : 'there is no such recording of this scene';
  return <p class="empty">Not recorded: {why}.</p>;
}

function stepTabs(event: KeyboardEvent, tab: Tab, go: (next: Tab) => void) {
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (by === undefined) return;
  const next = tabs[(tabs.indexOf(tab) + by + tabs.length) % tabs.length] ?? tab;
  event.preventDefault();
  event.stopPropagation();
  go(next);
  document.querySelector<HTMLElement>(`#tab-${next}`)?.focus();
}
