import type { ComponentChildren } from 'preact';
import { useApp } from './app-state.ts';
import type { Light } from './lights.ts';
import type { Side } from './side.ts';

interface Props {
  readonly side: Side;
  readonly id: string | undefined;
  readonly class: string;
  readonly light: Light;
  readonly children: ComponentChildren;
}

/** An event's words, which choose it. */
export function Chosen({ side, id, class: name, light, children }: Props) {
  const { choose } = useApp();
  if (id === undefined) return <span class={name}>{children}</span>;
  return (
    <button
      type="button"
      class={`event ${name} ${light}`}
      data-event={id}
      aria-pressed={light === 'chosen'}
      onClick={() => choose(id, side.variant)}
    >
      {children}
    </button>
  );
}
