import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

interface Props {
  readonly count: number;
  /** Pixels; every row has it. */
  readonly rowHeight: number;
  /** The row to bring into view when it changes. */
  readonly shown?: number | undefined;
  readonly label: string;
  readonly class: string;
  /** The head of a table, which stays. */
  readonly head?: ComponentChildren;
  readonly role?: 'table' | 'list';
  readonly row: (n: number) => ComponentChildren;
}

/** Rows beyond the window, so that a turn of the wheel finds them there. */
const spare = 12;

/** A list of any length of which only what is in the window is made. */
export function VirtualRows({
  count,
  rowHeight,
  shown,
  label,
  class: name,
  head,
  role = 'list',
  row,
}: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [window, setWindow] = useState({ top: 0, height: 600 });
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const measure = () => setWindow({ top: element.scrollTop, height: element.clientHeight });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    const element = box.current;
    if (element === null || shown === undefined) return;
    const top = shown * rowHeight;
    const { scrollTop, clientHeight } = element;
    if (top < scrollTop || top + 2 * rowHeight > scrollTop + clientHeight)
      element.scrollTop = Math.max(0, top - clientHeight / 3);
  }, [shown, count]);
  const first = Math.max(0, Math.floor(window.top / rowHeight) - spare);
  const last = Math.min(count, Math.ceil((window.top + window.height) / rowHeight) + spare);
  return (
    <div
      ref={box}
      class={`rows ${name}`}
      role={role}
      aria-label={label}
      aria-rowcount={role === 'table' ? count : undefined}
      tabIndex={0}
      onScroll={({ currentTarget: { scrollTop, clientHeight } }) =>
        setWindow({ top: scrollTop, height: clientHeight })
      }
    >
      {head}
      <div role="presentation" class="spacer" style={{ height: `${first * rowHeight}px` }} />
      {Array.from({ length: Math.max(0, last - first) }, (_, n) => row(first + n))}
      <div
        role="presentation"
        class="spacer"
        style={{ height: `${Math.max(0, count - last) * rowHeight}px` }}
      />
    </div>
  );
}
