import { useEffect, useRef } from 'preact/hooks';
import { useApp } from './app-state.ts';

const keys: readonly (readonly [string, string])[] = [
  ['1 2 3 4', 'steps, sequence, timeline, claims'],
  ['j k', 'next event, event before'],
  ['] [', 'next lesson, lesson before'],
  ['n', 'Node or libc'],
  ['u', 'TCP or UDP below'],
  ['t', 'diagram or table'],
  ['r', 'sequence: spacing real or even'],
  ['+ - ← →', 'timeline: zoom, move'],
  ['b', 'recordings below: show or hide'],
  ['/', 'search'],
  ['c', 'class mode: Space goes on, Backspace back, Escape ends it'],
  ['d', 'dark or light'],
];

const signs: readonly (readonly [string, string])[] = [
  ['✔ met', 'seen as expected'],
  ['✘ unmet', 'something else was seen'],
  ['? unobserved', 'its recorder did not run, or lost something'],
  ['● measured', 'the kernel’s tracer saw the packet leave inside that call'],
  ['○ inferred', 'addresses, bytes and time say so'],
  ['✕', 'the packet was dropped'],
  ['↻', 'the packet is one sent again'],
];

/** The keys and the signs of the page. */
export function Help() {
  const { set } = useApp();
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => box.current?.showModal(), []);
  return (
    <dialog ref={box} class="help" aria-label="Keys and signs" onClose={() => set({ help: false })}>
      <h2>Keys</h2>
      <dl>
        {keys.map(([key, means]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{means}</dd>
          </div>
        ))}
      </dl>
      <h2>Signs</h2>
      <dl>
        {signs.map(([sign, means]) => (
          <div key={sign}>
            <dt>{sign}</dt>
            <dd>{means}</dd>
          </div>
        ))}
      </dl>
      <form method="dialog">
        <button type="submit">Close</button>
      </form>
    </dialog>
  );
}
